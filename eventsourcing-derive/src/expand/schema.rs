//! `impl Schema`, and shapes as constant expressions.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Generics, Ident, Path, Type, parse_quote_spanned, spanned::Spanned};

use super::{
    bounds as stored,
    generics::{mentions, parameters},
    raw_text,
    recursion::Recursion,
    tokens::{path_at, shielded},
    value_check::Arms,
    wire_types::collect,
};
use crate::check::FROM_ALONE;
use crate::diag::text_of;
use crate::{
    model::{Absent, Adapter, Form, Schema, Wire, WireField, WireType, WireVariant},
    tagging::Tagging,
};

pub(super) fn schema(model: &Schema<'_>) -> TokenStream {
    let Schema { ident, generics, private, wire, see_through, read_only } = model;
    let never_written = read_only.map(|span| never_written(private, ident, span));
    let shapes =
        Shapes { private, ident, generics: Some(generics), recursion: Some(Recursion::new(ident, generics, private)) };
    let mut shape = shapes.wire(wire);
    if shapes.recursion.as_ref().is_some_and(Recursion::found) {
        shape = quote!(#private::Shape::Recursive(&#private::recursive(#shape)));
    }
    let fingerprint = shapes.fingerprint_of_whole(wire);
    let optional = match wire {
        Wire::Same(ty) if *see_through => shapes.optional(ty),
        _ => quote!(false),
    };
    let bounds = bounds(&shapes, generics, wire);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let stated: Vec<_> = where_clause.map(|clause| clause.predicates.iter()).into_iter().flatten().collect();
    let key = key_bounds(&shapes, wire).map(|keys| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #private::MapKey for #ident #ty_generics
            where
                #(#stated,)*
                #(#bounds: #private::Schema,)*
                #(#keys,)*
            {}
        }
    });
    let check = check_value(private, generics, wire);
    let items = quote! {
        #[automatically_derived]
        impl #impl_generics #private::Schema for #ident #ty_generics
        where
            #(#stated,)*
            #(#bounds: #private::Schema,)*
        {
            const SHAPE: #private::Shape = #shape;
            const OPTIONAL: #private::bool = #optional;
            const FINGERPRINT: #private::u64 = #fingerprint;
            #check
        }
        #key
        #never_written
    };
    shielded(&if stored::types_of(wire).is_empty() { items } else { hinted(&items) })
}

/// The walk over a value; a type that only holds numbers and text needs none.
fn check_value(private: &Path, generics: &Generics, wire: &Wire) -> Option<TokenStream> {
    let mut arms = Arms::new(private, Some(generics));
    arms.add(&quote!(Self), wire);
    arms.finish().map(|arms| {
        quote! {
            #[allow(unreachable_patterns)]
            fn check_value(&self, __es_check: &mut #private::ValueCheck) {
                match *self { #arms }
            }
        }
    })
}

/// The items in a constant whose name rustc has to say when the type is in a cycle of several: it ends with an error of
/// its own then, before any constant of ours could.
fn hinted(items: &TokenStream) -> TokenStream {
    quote! {
        #[allow(non_local_definitions)]
        const IN_A_CYCLE_PUT_SCHEMA_RECURSIVE_ON_A_FIELD: () = { #items };
    }
}

/// That a type has no `Serialize`: an associated constant that only such types have hides the one that all have.
fn never_written(private: &Path, ident: &Ident, span: Span) -> TokenStream {
    let here = path_at(private, span);
    quote_spanned! {span=>
        const _: () = {
            use #private::MaybeWritten as _;
            #here::never_written(#private::Written::<#ident>::IS_WRITTEN, #FROM_ALONE);
        };
    }
}

/// Writes shapes as expressions of constants.
pub(super) struct Shapes<'a> {
    pub(super) private: &'a Path,
    /// The type whose fields and variants these are.
    pub(super) ident: &'a Ident,
    /// `None` for an event, which has none.
    pub(super) generics: Option<&'a Generics>,
    /// What to do about the type itself; an event cannot contain itself.
    pub(super) recursion: Option<Recursion<'a>>,
}

impl<'a> Shapes<'a> {
    pub(super) fn of_event(private: &'a Path, ident: &'a Ident) -> Self {
        Self { private, ident, generics: None, recursion: None }
    }

    pub(super) fn wire(&self, wire: &Wire) -> TokenStream {
        let private = self.private;
        match wire {
            Wire::Null => quote!(#private::Shape::Null),
            Wire::Same(ty) => self.shape(ty),
            Wire::Tuple(types) => {
                let shapes = types.iter().map(|ty| self.shape(ty));
                quote!(#private::Shape::Tuple(&[#(#shapes),*]))
            }
            Wire::Object { fields, closed, hidden } => {
                let fields = fields
                    .iter()
                    .enumerate()
                    .map(|(index, field)| self.field(field, &fields[..index], fields, *hidden));
                quote!(#private::Shape::Struct { fields: &[#(#fields),*], closed: #closed })
            }
            Wire::Choice { tagging, variants } => {
                let shapes = variants.iter().map(|variant| self.variant(variant, tagging));
                let shape = choice(private, tagging, shapes);
                if let Tagging::Untagged = tagging { self.each_is_read(shape, variants) } else { shape }
            }
        }
    }

    /// The field; `all` are those of its struct, `before` the ones that come before it.
    fn field(&self, field: &WireField, before: &[WireField], all: &[WireField], hidden: bool) -> TokenStream {
        let (private, origin) = (self.private, self.origin(&field.member, Some(&field.ty), hidden));
        let WireField { name, aliases, ty, absent, flatten, read_only, .. } = field;
        let default = self.default(field);
        let shape = if *flatten { self.flattened(field, before, all) } else { self.shape(ty) };
        let optional = match absent {
            Absent::Yes => Some(quote!(true)),
            Absent::No | Absent::WithoutFields(_) => None,
            Absent::AsType => Some(self.optional(ty)),
            Absent::MustBe(span) => {
                let optional = self.optional(ty);
                let message =
                    format!("`{name}` is not always written, and then cannot be read; add `#[serde(default)]`");
                let private = path_at(private, *span);
                Some(quote_spanned!(*span=> #private::readable_without(#optional, #message)))
            }
        };
        let aliases = said_aliases(aliases);
        let optional = optional.map(|optional| quote!(.optional(#optional)));
        let (flatten, read_only) = (flatten.then(|| quote!(.flatten())), read_only.then(|| quote!(.read_only())));
        let default = default.map(|default| quote!(.default(#default)));
        quote!(#private::Field::new(#name, #shape) #aliases #optional #flatten #read_only #default .at(#origin))
    }

    fn flattened(&self, field: &WireField, before: &[WireField], all: &[WireField]) -> TokenStream {
        let span = field.ty.ty.span();
        let private = path_at(self.private, span);
        let keys =
            all.iter().filter(|field| !field.flatten).flat_map(|field| [&field.name].into_iter().chain(&field.aliases));
        let others = before.iter().filter(|field| field.flatten).map(|field| self.shape(&field.ty));
        let mut shape = self.shape(&field.ty);
        if let Absent::WithoutFields(span) = field.absent {
            let private = path_at(self.private, span);
            let message = format!(
                "`{}` is not always written, and what is flattened is read without a default; give each of its fields one, or write it always",
                field.name
            );
            shape = quote_spanned!(span=> #private::read_from_nothing(#shape, #message));
        }
        quote_spanned!(span=> #private::apart(#private::flattened(#shape), &[#(#keys),*], &[#(#others),*]))
    }

    fn variant(&self, variant: &WireVariant, tagging: &Tagging) -> TokenStream {
        let private = self.private;
        let WireVariant { name, member, aliases, wire, other, read_only, span } = variant;
        let content = if let Wire::Same(ty) = wire { Some(&**ty) } else { None };
        let origin = self.origin(member, content, false);
        let here = path_at(private, *span);
        let mut shape = self.wire(wire);
        match (wire, tagging) {
            (Wire::Same(_), Tagging::External | Tagging::Adjacent(..)) => shape = quote!(#private::content(#shape)),
            (Wire::Same(_), Tagging::Internal(tag)) => {
                let message = format!(
                    "the content of `{name}` is no object, so it has no room for the tag `{tag}`; add `content = \"value\"` beside `tag`"
                );
                shape = quote_spanned!(*span=> #here::has_room_for_a_tag(#shape, #message));
            }
            _ => {}
        }
        if let Tagging::Internal(tag) = tagging {
            shape = quote_spanned!(*span=> #here::beside_tag(#shape, #tag));
        }
        if let Tagging::Internal(_) | Tagging::Untagged = tagging {
            shape = quote_spanned!(*span=> #here::buffered(#shape));
        }
        let aliases = said_aliases(aliases);
        let (other, read_only) = (other.then(|| quote!(.other())), read_only.then(|| quote!(.read_only())));
        quote!(#private::Variant::new(#name, #shape) #aliases #other #read_only .at(#origin))
    }

    /// The shape of an untagged enum, with a check of each variant that comes after another one.
    fn each_is_read(&self, shape: TokenStream, variants: &[WireVariant]) -> TokenStream {
        variants.iter().enumerate().skip(1).fold(shape, |shape, (index, variant)| {
            let (span, here) = (variant.span, path_at(self.private, variant.span));
            quote_spanned!(span=> #here::read_as_itself(#shape, #index))
        })
    }

    /// Where a field or a variant is in the code, as the library's `CodePlace` has it. The type is left out where its text
    /// means something in its place alone.
    fn origin(&self, member: &str, ty: Option<&WireType>, hidden: bool) -> String {
        let hidden = if hidden { ".." } else { "" };
        let is_generic = self.generics.is_some_and(|generics| !generics.params.is_empty());
        let generic = if is_generic { "<_>" } else { "" };
        let means_the_same = |ty: &&WireType| {
            !is_generic && ty.stated.is_none() && !mentions(ty.ty.to_token_stream(), &["Self".to_owned()])
        };
        let ty = ty.filter(means_the_same).map(|ty| format!(": {}", text_of(&ty.ty))).unwrap_or_default();
        format!("{}{generic}{hidden}::{member}{ty}", self.ident)
    }

    fn shape(&self, ty: &WireType) -> TokenStream {
        let span = ty.ty.span();
        let (private, here, seen) = (self.private, path_at(self.private, span), self.seen(ty));
        let mut shape = quote_spanned!(span=> #here::kept(<#seen as #private::Schema>::SHAPE));
        if let Some(probed) = self.recursion.as_ref().filter(|_| !ty.cut).and_then(|recursion| recursion.probed(&ty.ty))
        {
            shape = quote_spanned!(span=> #here::contained_once(#shape, &<#probed as #private::Schema>::SHAPE));
        }
        match &ty.stated {
            Some(stated) => {
                let adapter = self.adapter(stated);
                quote!(#private::Shape::Stated(&#shape, #adapter))
            }
            None => shape,
        }
    }

    pub(super) fn optional(&self, ty: &WireType) -> TokenStream {
        let (private, ty) = (self.private, self.seen(ty));
        quote_spanned!(ty.span()=> <#ty as #private::Schema>::OPTIONAL)
    }

    /// The type whose schema is asked for, with markers where the walk ends.
    pub(super) fn seen(&self, ty: &WireType) -> Type {
        let own = match &self.recursion {
            Some(recursion) if ty.cut => recursion.cut(&ty.ty),
            Some(recursion) => recursion.marked(&ty.ty),
            None if ty.cut => super::recursion::cut(&ty.ty, self.private),
            None => ty.ty.clone(),
        };
        let own = raw_text::asked(own, self.private);
        ty.adapter.as_ref().map_or_else(|| own.clone(), |adapter| self.through(&own, adapter))
    }

    /// The type that looks like what an adapter writes of a field.
    fn through(&self, own: &Type, adapter: &Adapter) -> Type {
        let (private, span) = (self.private, own.span());
        let here = path_at(private, span);
        match adapter {
            Adapter::Asked(adapter) => parse_quote_spanned!(span=> #here::As<#own, #adapter>),
            Adapter::AsText => parse_quote_spanned!(span=> #here::As<#own, #here::Text>),
            Adapter::Fixed { form, optional } => {
                let form: Type = match form {
                    Form::DateTime => parse_quote_spanned!(span=> #here::DateTime),
                    Form::Decimal => parse_quote_spanned!(span=> #here::Decimal),
                    Form::Integer => parse_quote_spanned!(span=> #here::i64),
                    Form::Text => parse_quote_spanned!(span=> #here::String),
                };
                if *optional { parse_quote_spanned!(span=> #here::Option<#form>) } else { form }
            }
        }
    }
}

/// The names beside the own one, if there are any.
pub(super) fn said_aliases(aliases: &[String]) -> Option<TokenStream> {
    (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])))
}

/// An enum's shape.
pub(super) fn choice(private: &Path, tagging: &Tagging, variants: impl Iterator<Item = TokenStream>) -> TokenStream {
    let tagging = match tagging {
        Tagging::External => quote!(External),
        Tagging::Internal(tag) => quote!(Internal { tag: #tag }),
        Tagging::Adjacent(tag, content) => quote!(Adjacent { tag: #tag, content: #content }),
        Tagging::Untagged => quote!(Untagged),
    };
    quote!(#private::Shape::Enum { tagging: #private::Tagging::#tagging, variants: &[#(#variants),*] })
}

/// The types that need a schema because they contain a parameter. A bound on the parameter itself would be too
/// little for `HashMap<K, V>` and too much for `T::Id`.
fn bounds(shapes: &Shapes<'_>, generics: &Generics, wire: &Wire) -> Vec<Type> {
    let parameters = parameters(generics);
    let mut types = Vec::new();
    collect(wire, &mut types);
    let mut bounds: Vec<Type> = Vec::new();
    for ty in types {
        let ty = shapes.seen(ty);
        if !bounds.contains(&ty) && mentions(quote!(#ty), &parameters) {
            bounds.push(ty);
        }
    }
    bounds
}

/// What must hold for the type to be the key of a map; `None` when it cannot be one.
///
/// The lifetime is there because rustc refuses bounds that are false and depend on nothing.
fn key_bounds(shapes: &Shapes<'_>, wire: &Wire) -> Option<Vec<TokenStream>> {
    let private = shapes.private;
    match wire {
        Wire::Same(ty) => {
            let ty = shapes.seen(ty);
            Some(vec![quote_spanned!(ty.span()=> for<'__es> #ty: #private::MapKey)])
        }
        Wire::Choice { tagging: Tagging::External, variants }
            if variants.iter().all(|variant| matches!(variant.wire, Wire::Null)) =>
        {
            Some(Vec::new())
        }
        _ => None,
    }
}
