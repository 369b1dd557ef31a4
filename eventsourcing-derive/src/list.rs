//! What `events_lock!` is given: event types, and the names of sections whose types are in other targets of the package.

use syn::{
    Attribute, LitStr, Meta, Path, Token, Type,
    parse::{Parse, ParseStream},
    parse_quote,
};

/// `crate = "path", A, #[cfg(feature = "b")] B, "section"`, each part as often as there is something to say.
pub(crate) struct List {
    pub(crate) private: Path,
    pub(crate) types: Vec<Listed>,
    /// Sections that are claimed elsewhere.
    pub(crate) elsewhere: Vec<LitStr>,
}

pub(crate) struct Listed {
    pub(crate) ty: Type,
    /// When the type is compiled; always, when nothing is said.
    pub(crate) conditions: Vec<Meta>,
}

impl Parse for List {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut list =
            Self { private: parse_quote!(::eventsourcing::__private), types: Vec::new(), elsewhere: Vec::new() };
        while !input.is_empty() {
            if input.peek(Token![crate]) && input.peek2(Token![=]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                let library: Path = input.parse::<LitStr>()?.parse()?;
                list.private = parse_quote!(#library::__private);
            } else if input.peek(LitStr) {
                list.elsewhere.push(input.parse()?);
            } else {
                let attributes = input.call(Attribute::parse_outer)?;
                let conditions = attributes.iter().map(condition).collect::<syn::Result<_>>()?;
                list.types.push(Listed { ty: input.parse()?, conditions });
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(list)
    }
}

/// What is inside of `#[cfg(..)]`.
fn condition(attribute: &Attribute) -> syn::Result<Meta> {
    if !attribute.path().is_ident("cfg") {
        return Err(syn::Error::new_spanned(attribute, "only `#[cfg(..)]` says something about a type in this list"));
    }
    attribute.parse_args_with(|input: ParseStream<'_>| input.parse())
}
