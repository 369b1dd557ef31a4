//! Where an event type is from, and that it is locked.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path, ext::IdentExt};

use crate::{lock::package, model::Event};

/// The call that adds the origin of an event type; fixtures have none.
pub(super) fn origin(model: &Event<'_>) -> TokenStream {
    let Event { ident, private, unlocked, lock, .. } = model;
    if *unlocked {
        return TokenStream::new();
    }
    let section = lock.as_ref().map(|lock| {
        let name = &lock.section;
        quote!(.section(#name))
    });
    let (package, name) = (package(), format!("::{}", ident.unraw()));
    quote! {
        .origin(#private::Origin::new(#package, #private::concat!(#private::module_path!(), #name)) #section)
    }
}

pub(super) fn locked(model: &Event<'_>) -> TokenStream {
    let Event { ident, private, unlocked, .. } = model;
    if *unlocked {
        return TokenStream::new();
    }
    quote! {
        #[automatically_derived]
        impl #private::Locked for #ident {}
    }
}

/// Fails to compile, in a build of tests, when the type stands inside a function: no generated test would run there.
///
/// `self::*` has what stands in the module, so the name means the type there; inside a function it means what the outer
/// block says.
pub(super) fn in_a_module(ident: &Ident, private: &Path) -> TokenStream {
    let name = ident.unraw().to_string();
    quote! {
        #[cfg(test)]
        const _: () = {
            type #ident = #private::NotDerived;
            const _: () = {
                #[allow(unused_imports)]
                use self::*;
                #private::stands_in_a_module::<#ident>(#name)
            };
        };
    }
}
