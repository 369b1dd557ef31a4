//! Fingerprints as constant expressions: names are taken in here, so that the compiler mixes numbers only.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Path, spanned::Spanned};

use super::{recursion::Recursion, schema::Shapes};
use crate::{
    hash,
    model::{Absent, Wire, WireField, WireType, WireVariant},
    tagging::Tagging,
};

impl Shapes<'_> {
    /// The fingerprint of what [`wire`](Self::wire) gives, after it has looked for the type in itself.
    pub(super) fn fingerprint_of_whole(&self, wire: &Wire) -> TokenStream {
        let private = self.private;
        let fingerprint = self.fingerprint(wire);
        if self.recursion.as_ref().is_some_and(Recursion::found) {
            quote!(#private::hash::node("recursive", #fingerprint))
        } else {
            fingerprint
        }
    }

    pub(super) fn fingerprint(&self, wire: &Wire) -> TokenStream {
        let private = self.private;
        match wire {
            Wire::Null => {
                let null = hash::leaf("null");
                quote!(#null)
            }
            Wire::Same(ty) => self.fingerprint_of(ty),
            Wire::Tuple(types) => {
                let elements = types.iter().map(|ty| self.fingerprint_of(ty));
                quote!(#private::hash::sequence("tuple", &[#(#elements),*]))
            }
            Wire::Object { fields, closed, .. } => {
                let mut flattened = 0;
                let parts = fields.iter().map(|field| self.part_of_struct(field, &mut flattened));
                let kind = hash::structure(*closed);
                parts_of(private, kind, parts)
            }
            Wire::Choice { tagging, variants } => {
                let parts = (1..).zip(variants).map(|(index, variant)| self.part_of_enum(tagging, index, variant));
                let kind = tagging.fingerprint();
                parts_of(private, kind, parts)
            }
        }
    }

    fn part_of_struct(&self, field: &WireField, flattened: &mut u64) -> TokenStream {
        let names = if field.flatten {
            *flattened += 1;
            hash::place(*flattened)
        } else {
            names(&field.name, &field.aliases)
        };
        let shape = self.fingerprint_of(&field.ty);
        let optional = match field.absent {
            Absent::Yes => quote!(true),
            Absent::No | Absent::WithoutFields(_) => quote!(false),
            Absent::AsType | Absent::MustBe(_) => self.optional(&field.ty),
        };
        quote!((#names, #shape, #optional))
    }

    fn part_of_enum(&self, tagging: &Tagging, index: u64, variant: &WireVariant) -> TokenStream {
        let names = match tagging {
            Tagging::Untagged => hash::place(index),
            _ => names(&variant.name, &variant.aliases),
        };
        let mut shape = self.fingerprint(&variant.wire);
        if let (Wire::Same(ty), Tagging::External | Tagging::Adjacent(..)) = (&variant.wire, tagging) {
            let (private, seen) = (self.private, self.seen(ty));
            shape = quote!(#private::content_fingerprint(&<#seen as #private::Schema>::SHAPE, #shape));
        }
        let other = variant.other;
        quote!((#names, #shape, #other))
    }

    fn fingerprint_of(&self, ty: &WireType) -> TokenStream {
        let (private, seen) = (self.private, self.seen(ty));
        quote_spanned!(ty.ty.span()=> <#seen as #private::Schema>::FINGERPRINT)
    }
}

/// The parts are local: a constant of their own would be one more step for the compiler, and in each message about a cycle.
fn parts_of(private: &Path, kind: u64, parts: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote!({
        let __es_parts = [#(#parts),*];
        #private::hash::parts(#kind, &__es_parts)
    })
}

fn names(name: &str, aliases: &[String]) -> u64 {
    let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
    hash::names(name, &aliases)
}
