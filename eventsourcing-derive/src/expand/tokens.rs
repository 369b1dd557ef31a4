//! Generated code in the place where it lands.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

/// Shields generated items from the names and the lints of the crate they land in.
pub(super) fn shielded(items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, deprecated, non_camel_case_types, non_snake_case, non_upper_case_globals, unused_imports, unused_lifetimes, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        const _: () = { #items };
    }
}

/// The path of generated code, as if it stood at `span`: a compile-time check that fails is reported where it begins.
pub(super) fn path_at(private: &Path, span: Span) -> TokenStream {
    at(private, span)
}

/// The tokens, as if they stood at `span`.
pub(super) fn at(tokens: impl ToTokens, span: Span) -> TokenStream {
    let here = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    tokens.to_token_stream().into_iter().map(here).collect()
}
