//! Implementations for types whose derive found mistakes, so that one mistake does not become thirty.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, GenericParam, Generics, Path, Type, parse_quote};

use super::tokens::shielded;
use crate::{attr::Items, path};

pub(super) fn event(input: &DeriveInput, private: &Path, unlocked: bool) -> TokenStream {
    let (impl_generics, ty, predicates) = parts(input, &quote!(#private::Send + #private::Sync + 'static));
    let locked = (!unlocked).then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #private::Locked for #ty where #predicates {
                const IS_WHOLE: #private::bool = false;
            }
        }
    });
    shielded(&quote! {
        #locked
        #[automatically_derived]
        impl #impl_generics #private::Event for #ty where #predicates {
            const TYPES: #private::EventTypes = #private::EventTypes::new(&[]);
            fn encode(&self) -> #private::Result<#private::Encoded<#private::Vec<#private::u8>>, #private::EncodeError> {
                #private::not_derived()
            }
            fn decode(
                _: &#private::Encoded<&[#private::u8]>,
            ) -> #private::Result<#private::Option<Self>, #private::DecodeError> {
                #private::not_derived()
            }
        }
    })
}

pub(super) fn schema(input: &DeriveInput, private: &Path) -> TokenStream {
    let (impl_generics, ty, predicates) = parts(input, &TokenStream::new());
    shielded(&quote! {
        #[automatically_derived]
        impl #impl_generics #private::Schema for #ty where #predicates {
            const SHAPE: #private::Shape = #private::Shape::Any;
        }
    })
}

pub(super) fn aggregate(input: &DeriveInput, own: &Items) -> TokenStream {
    let private = path::private(own);
    let (impl_generics, ty, predicates) =
        parts(input, &quote!(#private::Default + #private::Send + #private::Sync + 'static));
    let stand_in: Type = parse_quote!(#private::NotDerived);
    let (event, id) = (own.ty("event").unwrap_or(&stand_in), own.ty("id").unwrap_or(&stand_in));
    let apply = own.ty("event").is_none().then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #private::Apply<#stand_in> for #ty where #predicates {
                fn apply(&mut self, _: &#stand_in) {}
            }
        }
    });
    shielded(&quote! {
        #apply
        #[automatically_derived]
        impl #impl_generics #private::Aggregate for #ty where #predicates {
            type Event = #event;
            type Id = #id;
            const CATEGORY: #private::Category = #private::Category::from_static("not-derived");
        }
    })
}

/// The head of an implementation for a type that may well be generic: its parameters, its name, and its bounds.
fn parts(input: &DeriveInput, bound: &TokenStream) -> (TokenStream, TokenStream, TokenStream) {
    let mut generics = input.generics.clone();
    generics.params = generics.params.into_iter().filter(|param| !matches!(param, GenericParam::Lifetime(_))).collect();
    let (impl_generics, _, _) = generics.split_for_impl();
    let types = input.generics.type_params().map(|param| &param.ident);
    let stated = input.generics.where_clause.as_ref().map(|clause| clause.predicates.to_token_stream());
    let comma = stated.as_ref().filter(|stated| !stated.is_empty()).map(|_| quote!(,));
    let arguments = arguments(&input.generics);
    let ident = &input.ident;
    (quote!(#impl_generics), quote!(#ident #arguments), quote!(#(#types: #bound,)* #stated #comma))
}

/// The parameters as arguments, `'static` for each lifetime.
fn arguments(generics: &Generics) -> TokenStream {
    let arguments = generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(_) => quote!('static),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
    });
    (!generics.params.is_empty()).then(|| quote!(<#(#arguments),*>)).to_token_stream()
}
