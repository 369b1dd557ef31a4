//! The hidden types that carry serde's keys, so that serde's own derives write and read the payloads.
//!
//! What is written goes by reference through a mirror of the user's type (serde's `remote`), so nothing is cloned and
//! `with` and `skip_serializing_if` work as on a type of serde's own. What is read comes through a struct per variant.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Ident, Path, Type,
    ext::IdentExt,
    visit_mut::{self, VisitMut},
};

use super::bounds;
use crate::model::{Nested, Own, Payload, PayloadField, PayloadStyle};

/// The names of generated items; users' names do not start like this.
const MIRROR: &str = "__EsMirror";

/// The hidden types of an enum.
pub(super) fn of_enum(private: &Path, ident: &Ident, own: &[Own<'_>], nested: &[Nested<'_>]) -> TokenStream {
    if !own.iter().any(is_written) {
        return TokenStream::new();
    }
    let mirror = format_ident!("{MIRROR}");
    let own_variants = own.iter().map(|own| {
        let rename_all = own.payload.rename_all.as_ref().map(|rule| quote!(#[serde(rename_all = #rule)]));
        let skip = (!is_written(own)).then(|| quote!(#[serde(skip)]));
        let (name, fields) = (own.ident, fields(ident, &own.payload));
        quote!(#rename_all #skip #name #fields)
    });
    let nested_variants = nested.iter().map(|Nested { ident: name, ty }| {
        let ty = without_self(ident, ty);
        quote!(#[serde(skip)] #name(#ty))
    });
    let (krate, remote) = (serde_path(private), ident.to_string());
    let read = own.iter().filter(|own| is_written(own)).map(|own| of_variant(private, ident, own));
    let types = bounds::types(own.iter().map(|own| &own.payload));
    let (bound, written) = (bounds::key(private, &types), written(private, ident, &types));
    quote! {
        #[derive(#private::serde::Serialize)]
        #[serde(crate = #krate, remote = #remote, untagged, #bound)]
        enum #mirror { #(#own_variants,)* #(#nested_variants,)* }
        #written
        #(#read)*
    }
}

/// The hidden types of a struct.
pub(super) fn of_struct(private: &Path, own: &Own<'_>, keys: &[TokenStream]) -> TokenStream {
    if !is_written(own) {
        return TokenStream::new();
    }
    let (mirror, ident) = (format_ident!("{MIRROR}"), own.ident);
    let (krate, remote) = (serde_path(private), ident.to_string());
    let fields = fields(ident, &own.payload);
    let semicolon = (own.payload.style == PayloadStyle::Newtype).then(|| quote!(;));
    let read = read_name(ident);
    let types = bounds::types(std::iter::once(&own.payload));
    let (bound, bounds) = (bounds::key(private, &types), bounds::bounds(private, &types));
    let written = written(private, ident, &types);
    quote! {
        #[derive(#private::serde::Serialize, #private::serde::Deserialize)]
        #[serde(crate = #krate, remote = #remote, #bound, #(#keys),*)]
        struct #mirror #fields #semicolon
        #written
        struct #read(#ident);
        #[automatically_derived]
        impl<'de> #private::serde::Deserialize<'de> for #read where #bounds {
            fn deserialize<__EsD: #private::serde::Deserializer<'de>>(
                __es_deserializer: __EsD,
            ) -> #private::Result<Self, <__EsD as #private::serde::Deserializer<'de>>::Error> {
                #private::Result::map(#mirror::deserialize(__es_deserializer), #read)
            }
        }
    }
}

/// Whether the payload goes through serde; an event without fields does not.
pub(super) fn is_written(own: &Own<'_>) -> bool {
    own.payload.style != PayloadStyle::Unit
}

/// The type through which the payload of this event is read.
pub(super) fn read_name(ident: &Ident) -> Ident {
    format_ident!("__EsRead{}", ident.unraw())
}

/// A reference to the user's value that serializes as its payload, and the keys of its flattened maps.
fn written(private: &Path, ident: &Ident, types: &[&Type]) -> TokenStream {
    let mirror = format_ident!("{MIRROR}");
    let bounds = bounds::bounds(private, types);
    quote! {
        struct __EsWritten<'__es>(&'__es #ident);
        #[automatically_derived]
        impl #private::serde::Serialize for __EsWritten<'_> where #bounds {
            fn serialize<__EsS: #private::serde::Serializer>(
                &self,
                __es_serializer: __EsS,
            ) -> #private::Result<
                <__EsS as #private::serde::Serializer>::Ok,
                <__EsS as #private::serde::Serializer>::Error,
            > {
                #mirror::serialize(self.0, __es_serializer)
            }
        }
        #[automatically_derived]
        impl #private::Payload<#ident> for __EsWritten<'_> where #bounds {
            fn merged_keys(__es_event: &#ident) -> #private::Vec<#private::String> {
                #private::merged_keys(&__EsWritten(__es_event))
            }
        }
    }
}

fn of_variant(private: &Path, ident: &Ident, own: &Own<'_>) -> TokenStream {
    let (read, krate) = (read_name(own.ident), serde_path(private));
    let fields = fields(ident, &own.payload);
    let semicolon = (own.payload.style == PayloadStyle::Newtype).then(|| quote!(;));
    let named = own.payload.style == PayloadStyle::Named;
    let rename_all = own.payload.rename_all.as_ref().filter(|_| named).map(|rule| quote!(rename_all = #rule));
    let bound = bounds::key(private, &bounds::types(std::iter::once(&own.payload)));
    let keys = own.payload.read.iter().filter(|_| named).cloned().chain(rename_all);
    quote! {
        #[derive(#private::serde::Deserialize)]
        #[serde(crate = #krate, #bound, #(#keys),*)]
        struct #read #fields #semicolon
    }
}

fn fields(ident: &Ident, payload: &Payload<'_>) -> TokenStream {
    let fields = payload.fields.iter().map(|PayloadField { member, ty, serde }| {
        let ty = without_self(ident, ty);
        let keys = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
        match member {
            syn::Member::Named(name) => quote!(#keys #name: #ty),
            syn::Member::Unnamed(_) => quote!(#keys #ty),
        }
    });
    match payload.style {
        PayloadStyle::Named => quote!({ #(#fields),* }),
        PayloadStyle::Newtype => quote!((#(#fields),*)),
        PayloadStyle::Unit => TokenStream::new(),
    }
}

/// `Self` means another type inside a hidden one.
fn without_self(ident: &Ident, ty: &Type) -> Type {
    struct Named<'a>(&'a Ident);
    impl VisitMut for Named<'_> {
        fn visit_ident_mut(&mut self, ident: &mut Ident) {
            if ident == "Self" {
                *ident = self.0.clone();
            }
            visit_mut::visit_ident_mut(self, ident);
        }
    }
    let mut ty = ty.clone();
    Named(ident).visit_type_mut(&mut ty);
    ty
}

fn serde_path(private: &Path) -> String {
    quote!(#private::serde).to_string()
}
