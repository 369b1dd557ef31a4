//! The rules of `derive(Schema)`.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::{Ident, ext::IdentExt};

use super::{
    case,
    fields::{self, Common},
    no_lifetimes,
};
use crate::{
    ast::{Body, Fields, Input, Style, Variant},
    attr::{Item, Items},
    case::Case,
    diag::Errors,
    model::{Schema, Stated, Wire, WireType, WireVariant},
    path,
    tagging::Tagging,
};

/// What is derived; `None` when there is too little to go on.
pub(crate) fn schema<'a>(errors: &Errors, input: &Input<'a>) -> Option<Schema<'a>> {
    no_lifetimes(errors, input.generics);
    let converted = if input.own.has("as") { None } else { converted(errors, input) };
    let read_only = converted.as_ref().and_then(|converted| converted.read_only);
    let (wire, see_through) = match (converted.map(|converted| converted.ty), &input.body) {
        (_, Body::Union) => return None,
        _ if input.own.has("as") => (Wire::Same(Box::new(stated(errors, input)?)), false),
        (Some(ty), _) => (Wire::Same(Box::new(ty)), true),
        (None, Body::Struct(fields)) => structure(errors, &input.serde, fields)?,
        (None, Body::Enum(variants)) => (choice(errors, &input.serde, variants), false),
    };
    Some(Schema {
        ident: input.ident,
        generics: input.generics,
        private: path::private(&input.own),
        wire,
        see_through,
        read_only,
    })
}

/// A struct, and whether it is read as its only field.
pub(super) fn structure(errors: &Errors, serde: &Items, fields: &Fields<'_>) -> Option<(Wire, bool)> {
    if let Some(Item { key, .. }) = serde.get("transparent") {
        let field = fields::transparent(errors, key, fields)?;
        let see_through = !fields::is_read_by_functions(&field.serde);
        return Some((Wire::Same(Box::new(fields::wire_type(errors, field))), see_through));
    }
    let common = Common {
        rename_all: case(errors, serde, "rename_all"),
        default: serde.has("default"),
        closed: serde.has("deny_unknown_fields"),
    };
    Some((fields::wire(errors, fields, common), false))
}

/// The type that a type with a `Serialize` of its own says it looks like.
fn stated(errors: &Errors, input: &Input<'_>) -> Option<WireType> {
    for Item { key, .. } in ["from", "try_from", "into"].into_iter().filter_map(|key| input.serde.get(key)) {
        errors.at(key, format!("`{key}` says what the type looks like, and so does `#[schema(as = ..)]`; keep one"));
    }
    let ty = input.own.ty("as")?.clone();
    let (name, (_, arguments, _)) = (input.ident, input.generics.split_for_impl());
    let itself = Stated { ty: syn::parse_quote!(#name #arguments), name: String::new(), read: None };
    Some(WireType { ty, adapter: None, cut: false, stated: Some(Box::new(itself)), held: None })
}

/// The type that stands for another one on the wire.
struct Converted {
    ty: WireType,
    /// Where `from` stands alone.
    read_only: Option<Span>,
}

/// The type that stands for this one: of `from` or `try_from`, with `into` unless it is never written.
fn converted(errors: &Errors, input: &Input<'_>) -> Option<Converted> {
    let serde = &input.serde;
    let wire_type = |ty: &syn::Type| WireType { ty: ty.clone(), adapter: None, cut: false, stated: None, held: None };
    let from = serde.get("from").or_else(|| serde.get("try_from"));
    let into = serde.get("into");
    match (from, into) {
        (None, None) => None,
        (Some(Item { key, .. }), None) if input.generics.params.is_empty() => {
            let read = serde.ty("from").or_else(|| serde.ty("try_from"))?;
            Some(Converted { ty: wire_type(read), read_only: Some(key.span()) })
        }
        (Some(Item { key, .. }), None) => {
            errors.at(key, FROM_ALONE);
            None
        }
        (None, Some(Item { key, .. })) => {
            errors
                .at(key, "`into` alone writes another form than is read; add `from` or `try_from` with the same type");
            None
        }
        (Some(from), Some(into)) => {
            let (read, written) = (serde.ty("from").or_else(|| serde.ty("try_from"))?, serde.ty("into")?);
            if read != written {
                errors.at(
                    &into.key,
                    format!("`into` writes another type than `{}` reads; one type must do both", from.key),
                );
            }
            Some(Converted { ty: wire_type(read), read_only: None })
        }
    }
}

/// What a type that is written needs beside `from`.
pub(crate) const FROM_ALONE: &str =
    "`from` alone reads another form than is written; add `into` with the same type, or do not derive `Serialize`";

fn choice(errors: &Errors, serde: &Items, list: &[Variant<'_>]) -> Wire {
    let common = Common {
        rename_all: case(errors, serde, "rename_all_fields"),
        closed: serde.has("deny_unknown_fields"),
        default: false,
    };
    let renamed = case(errors, serde, "rename_all");
    let tagging = tagging(errors, serde);
    let mut names: HashMap<String, &Ident> = HashMap::new();
    let (mut variants, mut rest) = (Vec::new(), Vec::new());
    for variant in list {
        let Some(wire) = choice_variant(errors, variant, common, renamed) else { continue };
        if variant.serde.has("untagged") {
            rest.push(wire);
            continue;
        }
        if !matches!(tagging, Tagging::Untagged) {
            for name in std::iter::once(&wire.name).chain(&wire.aliases) {
                let other = *names.entry(name.clone()).or_insert(variant.ident);
                if other != variant.ident {
                    let message = format!("`{other}` and `{}` are both stored as `{name}`; rename one", variant.ident);
                    errors.at(variant.ident, message);
                }
            }
        }
        variants.push(wire);
    }
    with_rest(Wire::Choice { tagging, variants }, rest)
}

/// The variants that are `untagged` one by one are tried when none of the others is named, so that all of these together
/// are the first variant of an enum without tags.
fn with_rest(tagged: Wire, rest: Vec<WireVariant>) -> Wire {
    if rest.is_empty() {
        return tagged;
    }
    let tagged = WireVariant {
        name: "tagged".to_owned(),
        aliases: Vec::new(),
        wire: tagged,
        other: false,
        read_only: false,
        member: "Tagged".to_owned(),
        span: rest[0].span,
    };
    Wire::Choice { tagging: Tagging::Untagged, variants: std::iter::once(tagged).chain(rest).collect() }
}

fn choice_variant(
    errors: &Errors,
    variant: &Variant<'_>,
    common: Common,
    renamed: Option<Case>,
) -> Option<WireVariant> {
    let serde = &variant.serde;
    let rename_all = case(errors, serde, "rename_all").or(common.rename_all);
    let wire = fields::wire(errors, &variant.fields, Common { rename_all, ..common });
    if serde.has("skip") || (serde.has("skip_serializing") && serde.has("skip_deserializing")) {
        return None;
    }
    if let Some(Item { key, .. }) = serde.get("skip_deserializing") {
        errors.at(key, format!("`{}` would be written and never read again; use `skip`", variant.ident));
    }
    let rust = variant.ident.unraw().to_string();
    let name = match (serde.str("rename"), renamed) {
        (Some(name), _) => name.value(),
        (None, Some(case)) => case.of_variant(&rust),
        (None, None) => rust,
    };
    Some(WireVariant {
        aliases: fields::aliases(serde, &name),
        name,
        member: variant.ident.to_string(),
        wire,
        other: serde.has("other"),
        read_only: serde.has("skip_serializing"),
        span: if variant.fields.style == Style::Newtype { fields::spot(&variant.fields) } else { variant.ident.span() },
    })
}

fn tagging(errors: &Errors, serde: &Items) -> Tagging {
    let text = |key| serde.str(key).map(syn::LitStr::value);
    match (text("tag"), text("content"), serde.get("untagged")) {
        (None, None, None) => Tagging::External,
        (Some(tag), None, None) => Tagging::Internal(tag),
        (Some(tag), Some(content), None) => Tagging::Adjacent(tag, content),
        (None, None, Some(_)) => Tagging::Untagged,
        (_, _, Some(Item { key, .. })) => {
            errors.at(key, "`untagged` says there is no tag; remove it, or `tag` and `content`");
            Tagging::Untagged
        }
        (None, Some(_), None) => {
            if let Some(Item { key, .. }) = serde.get("content") {
                errors.at(key, "`content` needs a `tag` beside it: `tag = \"type\", content = \"value\"`");
            }
            Tagging::External
        }
    }
}
