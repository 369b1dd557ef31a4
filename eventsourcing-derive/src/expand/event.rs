//! `impl Event`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Ident, Path, spanned::Spanned};

use super::{
    bounds, codec, lock, origin,
    schema::Shapes,
    tokens::{path_at, shielded},
    value_check::Arms,
};
use crate::diag::text_of;
use crate::model::{Event, Nested, Own, PayloadStyle, Retired};

pub(super) fn event(model: &Event<'_>) -> TokenStream {
    let Event { ident, private, single, own, nested, retired, serde, lock: locked, .. } = model;
    let hidden = match own.as_slice() {
        [own] if *single => codec::of_struct(private, own, serde),
        _ => codec::of_enum(private, ident, own, nested),
    };
    let parts = Parts { ident, private, single: *single };
    let types = parts.types(own, nested, retired, &origin::origin(model));
    let encode = parts.encode(own, nested);
    let decode = parts.decode(own, nested, retired);
    let checks = parts.checks(nested);
    let is_locked = origin::locked(model);
    let shapes = parts.shapes(own, |_| true);
    let lock_checks = locked.as_ref().map(|found| lock::checks(model, found));
    let lock_tests = locked.as_ref().map(|_| lock::tests(model));
    let items = shielded(&quote! {
        #hidden
        #shapes
        #[automatically_derived]
        impl #private::Event for #ident {
            const TYPES: #private::EventTypes = #types;
            fn encode(&self) -> #private::Result<#private::Encoded<#private::Vec<#private::u8>>, #private::EncodeError> {
                #encode
            }
            fn decode(
                __es_encoded: &#private::Encoded<&[#private::u8]>,
            ) -> #private::Result<#private::Option<Self>, #private::DecodeError> {
                #decode
            }
        }
        #is_locked
        #checks
        #lock_checks
    });
    quote!(#items #lock_tests)
}

/// The comparison with the lock alone, of the events that nothing is wrong with.
pub(super) fn sound_part(model: &Event<'_>) -> Option<TokenStream> {
    let lock = model.lock.as_ref()?;
    let locked: Vec<&str> = lock.found.events.iter().map(|event| event.tag.as_str()).collect();
    let parts = Parts { ident: model.ident, private: &model.private, single: model.single };
    let shapes = parts.shapes(&model.own, |own| own.sound && locked.contains(&own.tag.value().as_str()));
    let compared = lock::compared_all(model, lock, |own| own.sound).0;
    Some(shielded(&quote!(#shapes #compared)))
}

struct Parts<'a> {
    ident: &'a Ident,
    private: &'a Path,
    /// A struct: one kind of event.
    single: bool,
}

impl Parts<'_> {
    fn types(&self, own: &[Own<'_>], nested: &[Nested<'_>], retired: &[Retired], origin: &TokenStream) -> TokenStream {
        let private = self.private;
        let own = (0..).zip(own).map(|(index, own)| {
            let (tag, version, shape) = (&own.tag, own.version, lock::shape_name(index));
            let older = (1..).zip(&own.older).map(|(version, _)| lock::older_name(index, version));
            let older = (!own.older.is_empty()).then(|| quote!(.older(&[#(#older.0),*])));
            quote!(#private::EventType::new(#tag, #private::version(#version), #shape.0) #older)
        });
        let nested =
            nested.iter().map(|Nested { ty, .. }| quote_spanned!(ty.span()=> &<#ty as #private::Event>::TYPES));
        let retired = retired.iter().map(|Retired { tag, first, last }| {
            quote!(#private::RetiredType::new(#tag, #private::version(#first), #private::version(#last)))
        });
        quote! {
            #private::EventTypes::new(&[#(#own),*]).nested(&[#(#nested),*]).retired(&[#(#retired),*]) #origin
        }
    }

    /// Today's shapes and their fingerprints, each event's in a constant of its own, so that a mistake in one leaves
    /// the others alone; and in one constant, so that a type without a schema is reported once.
    fn shapes(&self, own: &[Own<'_>], wanted: impl Fn(&Own<'_>) -> bool) -> TokenStream {
        let private = self.private;
        let shapes = Shapes::of_event(private, self.ident);
        let wanted = (0..).zip(own).filter(|(_, own)| wanted(own));
        let constants = wanted.map(|(index, own): (usize, _)| {
            let (name, wire) = (lock::shape_name(index), &own.payload.wire);
            let (shape, fingerprint) = (shapes.wire(wire), shapes.fingerprint(wire));
            let older = (1..).zip(&own.older).map(|(version, ty): (u16, _)| {
                let (name, span) = (lock::older_name(index, version), ty.span());
                let shape = quote_spanned!(span=> <#ty as #private::Schema>::SHAPE);
                let fingerprint = quote_spanned!(span=> <#ty as #private::Schema>::FINGERPRINT);
                quote!(const #name: (#private::Shape, #private::u64) = (#shape, #fingerprint);)
            });
            quote! {
                const #name: (#private::Shape, #private::u64) = (#shape, #fingerprint);
                #(#older)*
            }
        });
        quote!(#(#constants)*)
    }

    fn encode(&self, own: &[Own<'_>], nested: &[Nested<'_>]) -> TokenStream {
        let private = self.private;
        let types = bounds::types(own.iter().map(|own| &own.payload));
        let (place, asked) = (bounds::place(&types), bounds::asked(private, &types));
        let own_arms = own.iter().map(|own| {
            let (tag, version) = (&own.tag, own.version);
            let encoded = if codec::is_written(own) {
                // In one place for all, so that a type that serde does not know is told of once.
                let this = quote!(self);
                quote_spanned!(place=> #private::encode::<Self, _>(#tag, #private::version(#version), &__EsWritten(#this)))
            } else {
                quote!(#private::Result::Ok(#private::encode_empty(#tag, #private::version(#version))))
            };
            let pattern = self.pattern(own.ident);
            quote!(#pattern { .. } => #encoded)
        });
        let nested_arms = nested.iter().map(
            |Nested { ident: variant, ty }| quote!(Self::#variant(ref __es_nested) => <#ty as #private::Event>::encode(__es_nested)),
        );
        let checked = self.check_values(own);
        quote! {
            #asked
            #checked
            match *self { #(#own_arms,)* #(#nested_arms,)* }
        }
    }

    /// Refuses what reading would not give back, before anything is written.
    fn check_values(&self, own: &[Own<'_>]) -> Option<TokenStream> {
        let private = self.private;
        let mut arms = Arms::new(private, None);
        for own in own {
            arms.add(&self.pattern(own.ident), &own.payload.wire);
        }
        arms.finish().map(|arms| {
            quote! {
                #[allow(unreachable_patterns)]
                #private::check_values(self, |__es_event, __es_check| match *__es_event { #arms })?;
            }
        })
    }

    fn pattern(&self, ident: &Ident) -> TokenStream {
        if self.single { quote!(Self) } else { quote!(Self::#ident) }
    }

    fn decode(&self, own: &[Own<'_>], nested: &[Nested<'_>], retired: &[Retired]) -> TokenStream {
        let private = self.private;
        let own_arms = own.iter().map(|own| {
            let (tag, decoded) = (&own.tag, self.decode_own(own));
            quote!(#tag => #decoded)
        });
        let retired_arms = retired.iter().map(|Retired { tag, first, last }| {
            quote! {
                #tag => match #private::SchemaVersion::get(__es_encoded.schema_version) {
                    #first..=#last => #private::Result::Ok(#private::Option::None),
                    _ => #private::Result::Err(#private::unknown_version(__es_encoded, #private::version(#last))),
                }
            }
        });
        let nested_arms = nested.iter().map(|Nested { ident: variant, ty }| {
            quote! {
                __es_tag if #private::has_tag(&<#ty as #private::Event>::TYPES, __es_tag) => {
                    #private::decode_nested(<#ty as #private::Event>::decode(__es_encoded), Self::#variant)
                }
            }
        });
        quote! {
            match #private::Tag::as_str(&__es_encoded.tag) {
                #(#own_arms,)*
                #(#retired_arms,)*
                #(#nested_arms,)*
                _ => #private::Result::Err(#private::unknown_tag(__es_encoded)),
            }
        }
    }

    fn decode_own(&self, own: &Own<'_>) -> TokenStream {
        let (private, version) = (self.private, own.version);
        let older = (1..).zip(&own.older).map(|(number, ty): (u16, _)| {
            let hops = self.hops(own, number);
            quote! {
                #number => {
                    let __es_value: #ty = #private::decode(__es_encoded)?;
                    #hops
                }
            }
        });
        let current = self.decode_current(own);
        quote! {
            match #private::SchemaVersion::get(__es_encoded.schema_version) {
                #version => #current,
                #(#older)*
                _ => #private::Result::Err(#private::unknown_version(__es_encoded, #private::version(#version))),
            }
        }
    }

    fn decode_current(&self, own: &Own<'_>) -> TokenStream {
        let private = self.private;
        let read = codec::read_name(own.ident);
        let types = bounds::types(std::iter::once(&own.payload));
        let (place, asked) = (bounds::place(&types), bounds::asked(private, &types));
        let mut read = read;
        read.set_span(place);
        let (ident, variant) = (self.ident, own.ident);
        let value = match (self.single, own.payload.style) {
            (_, PayloadStyle::Unit) => {
                let pattern = self.pattern(own.ident);
                return quote!({
                    #private::decode_empty(__es_encoded)?;
                    #private::Result::Ok(#private::Option::Some(#pattern {}))
                });
            }
            (true, _) => quote!(__es_read.0),
            (false, PayloadStyle::Newtype) => quote!(#ident::#variant(__es_read.0)),
            (false, PayloadStyle::Named) => {
                let members: Vec<_> = own.payload.fields.iter().map(|field| &field.member).collect();
                quote!(#ident::#variant { #(#members: __es_read.#members),* })
            }
        };
        let payload = quote!(__es_payload);
        let read = quote_spanned!(place=> <#read as #private::serde::Deserialize>::deserialize(#payload));
        // A function and no closure, without `?`: each would be more functions to compile for each event.
        quote!({
            fn __es_read(#payload: #private::PayloadReader<'_, '_>) -> #private::Result<#ident, #private::JsonError> {
                #asked
                match #read {
                    #private::Result::Ok(__es_read) => #private::Result::Ok(#value),
                    #private::Result::Err(__es_error) => #private::Result::Err(__es_error),
                }
            }
            #private::read(__es_encoded, __es_read)
        })
    }

    /// From the type of an older version, one step at a time, to what is written today.
    fn hops(&self, own: &Own<'_>, from: u16) -> TokenStream {
        let (private, ident) = (self.private, self.ident);
        let payload = match (self.single, own.payload.style) {
            (false, PayloadStyle::Newtype) => own.payload.fields.first().map(|field| field.ty),
            _ => None,
        };
        let steps = (from..own.version).map(|number| {
            let at = |number: u16| own.older.get(usize::from(number) - 1);
            let target = match (at(number + 1), payload) {
                (Some(next), _) => quote!(#next),
                (None, Some(payload)) => quote!(#payload),
                (None, None) => quote!(#ident),
            };
            let source = at(number);
            let here = path_at(private, source.span());
            let (encoded, value) = (quote!(__es_encoded), quote!(__es_value));
            quote_spanned! {source.span()=>
                let #value = #here::upcast::<#source, #target>(#encoded, #private::version(#number), #value)?;
            }
        });
        let variant = own.ident;
        let value = if payload.is_some() { quote!(Self::#variant(__es_value)) } else { quote!(__es_value) };
        quote!(#(#steps)* #private::Result::Ok(#private::Option::Some(#value)))
    }

    /// What holds for the types an event consists of, asked at compile time.
    fn checks(&self, nested: &[Nested<'_>]) -> TokenStream {
        let (private, ident) = (self.private, self.ident);
        let distinct = (!nested.is_empty()).then(|| {
            let name = ident.to_string();
            let names = nested.iter().map(|Nested { ty, .. }| text_of(ty));
            let here = path_at(private, ident.span());
            quote_spanned! {ident.span()=>
                const _: () = #here::each_tag_is_of_one_type(#name, &[#(#names),*], &<#ident as #private::Event>::TYPES);
            }
        });
        quote!(#distinct)
    }
}
