//! `impl Aggregate`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::tokens::shielded;
use crate::model::{Aggregate, Snapshots};

pub(super) fn aggregate(model: &Aggregate<'_>) -> TokenStream {
    let Aggregate { ident, private, event, id, category, snapshots } = model;
    let snapshots = snapshots.as_ref().map(|Snapshots { every, version, span }| {
        quote_spanned! {*span=>
            fn snapshots() -> #private::Option<#private::Snapshots<Self>> {
                #private::Option::Some(const { #private::snapshots::<Self>(#every, #version) })
            }
        }
    });
    shielded(&quote! {
        #[automatically_derived]
        impl #private::Aggregate for #ident {
            type Event = #event;
            type Id = #id;
            const CATEGORY: #private::Category = #private::Category::from_static(#category);
            #snapshots
        }
    })
}
