//! `events_lock!`: the catalog, and the checks that every section of the lock is claimed.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{
    lock::included,
    tokens::{path_at, shielded},
};
use crate::{
    check::Claims,
    list::{List, Listed},
    lock::package,
};

pub(super) fn list(list: &List, claims: &Claims) -> TokenStream {
    let private = &list.private;
    let listed = constants(list, &quote!(LISTED));
    let per_type = list.types.iter().map(|listed| of_type(list, listed));
    let of_all = of_all(list, claims);
    let checks = shielded(&quote! {
        const LISTED: &[&#private::EventTypes] = #listed;
        #(#per_type)*
        #of_all
    });
    let doc = format!("The event types of `{}`, as its `events_lock!` names them.", package());
    quote! {
        #checks
        #[doc = #doc]
        #[allow(dead_code, unreachable_pub)]
        pub const EVENTS: #private::Catalog = {
            const LISTED: &[&#private::EventTypes] = #listed;
            #private::Catalog::new(LISTED)
        };
    }
}

/// A constant of each type that is compiled, as a slice.
fn constants(List { private, types, .. }: &List, constant: &TokenStream) -> TokenStream {
    let each = types.iter().map(|Listed { ty, conditions }| {
        let here = path_at(private, ty.span());
        let own = quote_spanned!(ty.span()=> <#ty as #here::Locked>::#constant);
        quote!(#(#[cfg(#conditions)])* #own)
    });
    quote!(&[#(#each),*])
}

fn of_type(List { private, .. }: &List, Listed { ty, conditions }: &Listed) -> TokenStream {
    let (package, span) = (package(), ty.span());
    let here = path_at(private, span);
    let own = quote_spanned!(span=> <#ty as #here::Locked>::LISTED);
    let is_of_this_package = quote_spanned!(span=> #here::is_of_this_package(#own, #package));
    let is_claimed_once = quote_spanned!(span=> #here::is_claimed_once(LISTED, #own));
    let is_listed = quote_spanned!(span=> impl #here::Listed for #ty {});
    quote! {
        #(#[cfg(#conditions)])*
        const _: () = #is_of_this_package;
        #(#[cfg(#conditions)])*
        const _: () = #is_claimed_once;
        #(#[cfg(#conditions)])*
        #is_listed
    }
}

/// That no section is left over, and that the crate is compiled anew when the lock changes.
fn of_all(list: &List, Claims { location, sections, is_first }: &Claims) -> TokenStream {
    let private = &list.private;
    let all_are_claimed = sections.as_ref().map(|sections| {
        let (bytes, are_whole) = (included(private, location), constants(list, &quote!(IS_WHOLE)));
        let conditional = list.types.iter().filter(|listed| !listed.conditions.is_empty());
        let absent = conditional.map(|Listed { conditions, .. }| {
            quote!(
                #[cfg(not(all(#(#conditions),*)))]
                ()
            )
        });
        quote! {
            const _: &[#private::u8] = #bytes;
            const ABSENT: &[()] = &[#(#absent),*];
            const _: () = #private::all_are_claimed(&[#(#sections),*], LISTED, #are_whole, ABSENT.len());
        }
    });
    // The build that writes the first lock is not the one of the next command.
    let is_first =
        is_first.then(|| quote!(const _: #private::Option<&#private::str> = #private::option_env!("EVENTS_LOCK");));
    quote! {
        const _: #private::Option<&#private::str> = #private::option_env!("EVENTS_LOCK_FILE");
        #is_first
        #all_are_claimed
    }
}
