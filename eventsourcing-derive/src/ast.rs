//! The annotated type as it was written: its parts, each with the values of its attributes.
//! Knows no rule that concerns more than one key; `check` does.

use quote::ToTokens;
use syn::{Attribute, Data, DataEnum, DeriveInput, Generics, Ident, Index, Member, Type, ext::IdentExt};

use crate::{
    attr::{EVENT, Grammar, Items, Place, SCHEMA, SERDE, read},
    diag::Errors,
};

/// A struct or an enum.
pub(crate) struct Input<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The derive's own keys on the type itself.
    pub(crate) own: Items,
    pub(crate) serde: Items,
    pub(crate) body: Body<'a>,
}

pub(crate) enum Body<'a> {
    Struct(Fields<'a>),
    Enum(Vec<Variant<'a>>),
    /// Reported already.
    Union,
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) cfg: Option<&'a Attribute>,
    pub(crate) own: Items,
    pub(crate) serde: Items,
    pub(crate) fields: Fields<'a>,
    /// Whether its attributes could be read.
    pub(crate) sound: bool,
}

pub(crate) struct Fields<'a> {
    pub(crate) style: Style,
    pub(crate) list: Vec<Field<'a>>,
    /// For mistakes that concern all of them.
    pub(crate) syn: &'a syn::Fields,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Named,
    Newtype,
    /// Any number but one, without names.
    Tuple,
    Unit,
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) schema: Items,
    pub(crate) serde: Items,
    pub(crate) syn: &'a syn::Field,
}

/// Which keys a type may have: those of the derive, on the type and on its variants.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Event,
    Schema,
}

impl Kind {
    pub(crate) fn grammar(self) -> &'static Grammar {
        match self {
            Self::Event => &EVENT,
            Self::Schema => &SCHEMA,
        }
    }

    /// Reads keys of `#[schema]` where an event has none, for what there is to say about them.
    fn read_stray(self, errors: &Errors, attributes: &[Attribute], place: Place) {
        if let Self::Event = self {
            read(errors, attributes, &SCHEMA, place);
        }
    }
}

impl<'a> Input<'a> {
    pub(crate) fn new(errors: &Errors, input: &'a DeriveInput, kind: Kind) -> Self {
        let place = if matches!(input.data, Data::Enum(_)) { Place::Enum } else { Place::Struct };
        kind.read_stray(errors, &input.attrs, place);
        Self {
            ident: &input.ident,
            generics: &input.generics,
            own: read(errors, &input.attrs, kind.grammar(), place),
            serde: read(errors, &input.attrs, &SERDE, place),
            body: match &input.data {
                Data::Struct(data) => Body::Struct(Fields::new(errors, &data.fields, kind)),
                Data::Enum(data) => Body::Enum(variants(errors, data, kind)),
                Data::Union(data) => {
                    errors.at(data.union_token, "a union has no wire form; write an enum");
                    Body::Union
                }
            },
        }
    }
}

/// Reads attributes that belong on the type alone where they stand on its parts, for what there is to say about them.
pub(crate) fn read_inside(errors: &Errors, input: &DeriveInput, grammar: &'static Grammar) {
    let fields = |fields: &syn::Fields| {
        fields.iter().for_each(|field| drop(read(errors, &field.attrs, grammar, Place::Field)));
    };
    match &input.data {
        Data::Struct(data) => fields(&data.fields),
        Data::Enum(data) => data.variants.iter().for_each(|variant| {
            read(errors, &variant.attrs, grammar, Place::Variant);
            fields(&variant.fields);
        }),
        Data::Union(_) => {}
    }
}

fn variants<'a>(errors: &Errors, data: &'a DataEnum, kind: Kind) -> Vec<Variant<'a>> {
    let read_one = |variant: &'a syn::Variant| {
        let own_errors = Errors::new();
        kind.read_stray(&own_errors, &variant.attrs, Place::Variant);
        let own = read(&own_errors, &variant.attrs, kind.grammar(), Place::Variant);
        let serde = read(&own_errors, &variant.attrs, &SERDE, Place::Variant);
        let fields = Fields::new(&own_errors, &variant.fields, kind);
        let cfg = variant.attrs.iter().find(|attribute| attribute.path().is_ident("cfg"));
        Variant { ident: &variant.ident, cfg, own, serde, fields, sound: errors.take(&own_errors) }
    };
    data.variants.iter().map(read_one).collect()
}

impl<'a> Fields<'a> {
    fn new(errors: &Errors, fields: &'a syn::Fields, kind: Kind) -> Self {
        let style = match fields {
            syn::Fields::Named(_) => Style::Named,
            syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Style::Newtype,
            syn::Fields::Unnamed(_) => Style::Tuple,
            syn::Fields::Unit => Style::Unit,
        };
        let field = |(index, field): (usize, &'a syn::Field)| {
            if let Kind::Event = kind {
                // No key of `#[event]` belongs on a field; reading them says so.
                read(errors, &field.attrs, &EVENT, Place::Field);
            }
            Field {
                member: field.ident.clone().map_or_else(|| Member::Unnamed(Index::from(index)), Member::Named),
                ty: &field.ty,
                schema: read(errors, &field.attrs, &SCHEMA, Place::Field),
                serde: read(errors, &field.attrs, &SERDE, Place::Field),
                syn: field,
            }
        };
        Self { style, list: fields.iter().enumerate().map(field).collect(), syn: fields }
    }
}

impl Field<'_> {
    /// The name in Rust, without `r#`; the index of a field without a name.
    pub(crate) fn name(&self) -> String {
        match &self.member {
            Member::Named(ident) => ident.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }

    /// The tokens to point at when the field as a whole is wrong.
    pub(crate) fn spot(&self) -> &dyn ToTokens {
        match &self.syn.ident {
            Some(ident) => ident,
            None => &self.syn.ty,
        }
    }
}
