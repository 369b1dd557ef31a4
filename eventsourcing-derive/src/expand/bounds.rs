//! Bounds on the user's types in the hidden ones, in place of those that serde's code would miss in many places.
//!
//! With `for<'__es> Money: Stored` on an implementation, the code in it compiles whether serde writes `Money` or not; who
//! uses the implementation meets the one bound, with its message, at the field.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, LitStr, Path, PathArguments, Type, spanned::Spanned};

use super::{
    raw_text,
    recursion::{is_leaf, is_wrapper},
    tokens::at,
    wire_types,
};
use crate::model::{Payload, PayloadField, Wire};

/// The keys of serde's after which it does not write and read the type of the field itself.
const OTHERWISE: [&str; 7] =
    ["with", "serialize_with", "deserialize_with", "skip", "skip_serializing", "skip_deserializing", "getter"];

/// The types of these payloads that may lack serde's derives.
pub(super) fn types<'a>(payloads: impl Iterator<Item = &'a Payload<'a>>) -> Vec<&'a Type> {
    let mut types: Vec<&Type> = Vec::new();
    for PayloadField { ty, serde, .. } in payloads.flat_map(|payload| &payload.fields) {
        if !serde.iter().any(|key| OTHERWISE.contains(&first_word(key).as_str())) {
            collect(ty, &mut types);
        }
    }
    types
}

/// The types in a wire form that may be the user's own.
pub(super) fn types_of(wire: &Wire) -> Vec<&Type> {
    let (mut all, mut types) = (Vec::new(), Vec::new());
    wire_types::collect(wire, &mut all);
    for ty in all {
        collect(&ty.ty, &mut types);
    }
    types
}

/// The place of the first of these types, for what is said of a bound that is not met.
pub(super) fn place(types: &[&Type]) -> Span {
    types.first().map_or_else(Span::call_site, Spanned::span)
}

/// Asks for the bounds in a function that needs them. rustc says one thing once in one place of a function, the plainest
/// first, and the same words of two functions once: so all there is to read is one message at the field.
pub(super) fn asked(private: &Path, types: &[&Type]) -> TokenStream {
    let asked = types.iter().map(|ty| {
        let (here, ty) = (at(private, ty.span()), at(ty, ty.span()));
        quote_spanned!(ty.span()=> let _ = #here::stored::<#ty>;)
    });
    quote!(#(#asked)*)
}

/// The bounds, each with a lifetime because rustc refuses bounds that are false and depend on nothing.
pub(super) fn bounds(private: &Path, types: &[&Type]) -> TokenStream {
    quote!(#(for<'__es> #types: #private::Stored),*)
}

/// serde's key that has the bounds.
pub(super) fn key(private: &Path, types: &[&Type]) -> TokenStream {
    let text = LitStr::new(&bounds(private, types).to_string(), place(types));
    quote!(bound = #text)
}

fn first_word(key: &TokenStream) -> String {
    key.clone().into_iter().next().map(|token| token.to_string()).unwrap_or_default()
}

fn collect<'a>(ty: &'a Type, types: &mut Vec<&'a Type>) {
    match ty {
        Type::Paren(paren) => collect(&paren.elem, types),
        Type::Group(group) => collect(&group.elem, types),
        Type::Array(array) => collect(&array.elem, types),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|elem| collect(elem, types)),
        Type::Path(path) if path.qself.is_none() => {
            let Some(last) = path.path.segments.last() else { return };
            match &last.arguments {
                _ if is_leaf(path) => {}
                PathArguments::AngleBracketed(arguments) if is_wrapper(path) => {
                    for argument in &arguments.args {
                        if let GenericArgument::Type(inner) = argument {
                            collect(inner, types);
                        }
                    }
                }
                // As text, a path from a macro of another crate would lose which one it is; and `Self` what it is.
                _ if is_of_a_macro(ty) => {}
                // Its box has serde's traits, and it has not; what is said of its schema is enough.
                _ if raw_text::may_be(ty) => {}
                _ if types.contains(&ty) => {}
                _ => types.push(ty),
            }
        }
        _ => {}
    }
}

fn is_of_a_macro(ty: &Type) -> bool {
    let text = ty.to_token_stream().to_string();
    text.contains("$crate") || text.contains("Self")
}
