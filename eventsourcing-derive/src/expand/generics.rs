//! The parameters of a type, and what mentions them.

use proc_macro2::{TokenStream, TokenTree};
use syn::{GenericParam, Generics};

/// The names of the type parameters.
pub(super) fn parameters(generics: &Generics) -> Vec<String> {
    let name =
        |param: &GenericParam| if let GenericParam::Type(ty) = param { Some(ty.ident.to_string()) } else { None };
    generics.params.iter().filter_map(name).collect()
}

/// Whether one of the names is among the tokens.
pub(super) fn mentions(tokens: TokenStream, parameters: &[String]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => parameters.iter().any(|parameter| ident == parameter.as_str()),
        TokenTree::Group(group) => mentions(group.stream(), parameters),
        _ => false,
    })
}
