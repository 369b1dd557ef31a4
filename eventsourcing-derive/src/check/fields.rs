//! Fields and their wire form, by serde's rules.

use quote::ToTokens;
use syn::{Ident, LitStr, spanned::Spanned};

use super::{
    adapters::{self, Known},
    plain,
};
use crate::{
    ast::{Field, Fields, Style},
    attr::{Item, Items, Value},
    case::Case,
    diag::{Errors, list},
    model::{Absent, Fallback, Stated, Wire, WireField, WireType},
    mutants::without,
};

/// What the type or the variant says about all of its fields.
#[derive(Clone, Copy, Default)]
pub(super) struct Common {
    pub(super) rename_all: Option<Case>,
    pub(super) default: bool,
    pub(super) closed: bool,
}

/// The wire form of a struct or of a variant's content.
pub(super) fn wire(errors: &Errors, fields: &Fields<'_>, common: Common) -> Wire {
    match fields.style {
        Style::Unit => Wire::Null,
        Style::Newtype => Wire::Same(Box::new(newtype(errors, &fields.list[0]))),
        Style::Tuple => Wire::Tuple(fields.list.iter().filter_map(|field| element(errors, field)).collect()),
        Style::Named => object(errors, &fields.list, common),
    }
}

/// The type whose shape a field has.
pub(super) fn wire_type(errors: &Errors, field: &Field<'_>) -> WireType {
    let stated = field.schema.ty("as");
    let cut = field.schema.get("recursive");
    if let (Some(_), Some(cut)) = (stated, cut) {
        errors
            .at(&cut.key, "`as` says what the field looks like, so there is no recursion to cut; keep one of the two");
    }
    if let Some(stated) = stated {
        return WireType {
            ty: stated.clone(),
            adapter: None,
            cut: cut.is_some(),
            stated: Some(Box::new(behind(field))),
            held: None,
        };
    }
    late_serde_as(errors, field);
    let mut wire = WireType { ty: field.ty.clone(), adapter: None, cut: cut.is_some(), stated: None, held: None };
    if let (Some(Item { key, .. }), Some(with)) = (field.serde.get("with"), field.serde.str("with")) {
        check_double_option(errors, field, with);
        match adapters::known(with, field.ty) {
            Some(Known::Like(ty)) => wire.ty = ty.clone(),
            Some(Known::Through(adapter)) => wire.adapter = Some(adapter),
            None => unseen(errors, field, key, "what `with` writes"),
        }
    } else if let Some(Item { key, .. }) = field.serde.get("serialize_with") {
        unseen(errors, field, key, "what `serialize_with` writes");
    } else if let Some(Item { key, .. }) = field.serde.get("deserialize_with") {
        unseen(errors, field, key, "whether `deserialize_with` reads what is written");
    } else {
        plain::check(errors, field);
        wire.held = Some(field.member.clone());
    }
    wire
}

/// Without both keys `None` is written as `null`, which is read as `Some(None)`.
fn check_double_option(errors: &Errors, field: &Field<'_>, with: &LitStr) {
    let skips = field.serde.str("skip_serializing_if").is_some_and(|rule| rule.value() == "Option::is_none");
    if with.value() == adapters::DOUBLE_OPTION && !(skips && field.serde.has("default")) {
        errors.at(
            with,
            "`double_option` tells `None` from `Some(None)` by leaving it out; add `default, skip_serializing_if = \"Option::is_none\"`",
        );
    }
}

/// The code between a field and the shape that is stated for it.
fn behind(field: &Field<'_>) -> Stated {
    let key = |name: &str| field.serde.str(name).map(LitStr::value);
    let (with, reads, writes) = (key("with"), key("deserialize_with"), key("serialize_with"));
    let read = with.as_ref().map(|module| format!("{module}::deserialize")).or_else(|| reads.clone());
    let named = |key: &str, path: &str| {
        let path: String = path.chars().filter(|c| !c.is_whitespace()).collect();
        // What the attribute `serde_as` writes.
        match path.trim_start_matches("::").strip_prefix("serde_with::As::<").and_then(|rest| rest.strip_suffix('>')) {
            Some(adapter) => format!("serde_as {adapter}"),
            None => format!("{key} {path}"),
        }
    };
    let named = [("with", with), ("deserialize_with", reads), ("serialize_with", writes)]
        .iter()
        .filter_map(|(key, path)| path.as_ref().map(|path| named(key, path)))
        .collect::<Vec<_>>();
    Stated {
        ty: field.ty.clone(),
        name: named.join(", "),
        // A path that cannot be read is reported by serde.
        read: read.and_then(|path| syn::parse_str(&path).ok()),
    }
}

fn unseen(errors: &Errors, field: &Field<'_>, key: &Ident, what: &str) {
    let message = format!(
        "a schema cannot see {what}; say it with `#[schema(as = \"Type\")]` on `{}`, naming a type that is written the same way",
        field.name()
    );
    errors.at(key, message);
}

/// `#[serde_as]` rewrites the attributes of fields, and a derive above it has read them by then.
fn late_serde_as(errors: &Errors, field: &Field<'_>) {
    let rewritten = ["with", "serialize_with", "deserialize_with"].into_iter().any(|key| field.serde.has(key));
    let raw = field.syn.attrs.iter().find(|attribute| attribute.path().is_ident("serde_as"));
    if let (Some(raw), false) = (raw, rewritten) {
        errors.at(raw, "`#[serde_as]` on the type comes too late for a derive above it; put it above the derives");
    }
}

/// Whether functions of the user's read the field, and so find nothing where it is absent.
pub(super) fn is_read_by_functions(serde: &Items) -> bool {
    ["with", "serialize_with", "deserialize_with"].into_iter().any(|key| serde.has(key))
}

fn object(errors: &Errors, fields: &[Field<'_>], common: Common) -> Wire {
    let mut names: Vec<(String, &Field<'_>)> = Vec::new();
    let mut wires = Vec::new();
    for field in fields {
        let Some(wire) = named(errors, field, common) else { continue };
        if !wire.flatten {
            for name in std::iter::once(&wire.name).chain(&wire.aliases) {
                match names.iter().find(|(taken, _)| taken == name) {
                    // serde takes an alias that repeats the field's own name.
                    Some((_, other)) if other.member == field.member => {}
                    Some((_, other)) => errors.at(
                        field.spot(),
                        format!("`{}` and `{}` are both stored as `{name}`; rename one", other.name(), field.name()),
                    ),
                    None => names.push((name.clone(), field)),
                }
            }
        }
        wires.push(wire);
    }
    let hidden = wires.len() < fields.len();
    Wire::Object { fields: wires, closed: common.closed, hidden }
}

/// The wire form of a field with a name; `None` when it has none.
fn named(errors: &Errors, field: &Field<'_>, common: Common) -> Option<WireField> {
    let serde = &field.serde;
    if let (Some(flatten), true) = (serde.get("flatten"), common.closed) {
        errors.at(&flatten.key, "`deny_unknown_fields` does not see through `flatten`; remove one of the two");
    }
    if serde.has("skip") || (serde.has("skip_serializing") && serde.has("skip_deserializing")) {
        return None;
    }
    if let (Some(Item { key, .. }), false) = (serde.get("skip_deserializing"), without("written_and_read")) {
        errors.at(
            key,
            format!("`{}` would be written and never read again; use `skip`, or read it as well", field.name()),
        );
        return None;
    }
    let name = match (serde.str("rename"), common.rename_all) {
        (Some(name), _) => name.value(),
        (None, Some(case)) => case.of_field(&field.name()),
        (None, None) => field.name(),
    };
    Some(WireField {
        member: field.member.to_token_stream().to_string(),
        aliases: aliases(serde, &name),
        name,
        span: field.spot().span(),
        ty: wire_type(errors, field),
        rust_type: field.ty.clone(),
        absent: absent(errors, field, common),
        flatten: serde.has("flatten"),
        read_only: serde.has("skip_serializing"),
        default: fallback(field, common),
    })
}

/// The default of a field; serde has no use for one on a flattened field.
fn fallback(field: &Field<'_>, common: Common) -> Option<Fallback> {
    if field.serde.has("flatten") {
        return None;
    }
    match field.serde.get("default").map(|item| &item.value) {
        // A path that cannot be read is reported by serde.
        Some(Value::Str(path)) => path.parse().ok().map(Fallback::Function),
        Some(_) => (!is_named(field.ty, "Option")).then_some(Fallback::Type),
        None => common.default.then(|| Fallback::Container(field.member.clone())),
    }
}

/// The other names that are read, each once: serde lets the name itself be one of them.
pub(super) fn aliases(serde: &Items, name: &str) -> Vec<String> {
    let mut aliases = Vec::new();
    for alias in serde.strs("alias").iter().map(|alias| alias.value()) {
        if alias != name && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    aliases
}

fn absent(errors: &Errors, field: &Field<'_>, common: Common) -> Absent {
    let serde = &field.serde;
    let unwritten = serde.get("skip_serializing").or_else(|| serde.get("skip_serializing_if"));
    if serde.has("flatten") {
        // serde asks a flattened type itself what it makes of missing fields; a default is never used.
        return unwritten.map_or(Absent::No, |skip| Absent::WithoutFields(skip.key.span()));
    }
    match (common.default || serde.has("default"), is_read_by_functions(serde), unwritten) {
        (true, ..) => Absent::Yes,
        (false, true, Some(skip)) => {
            errors.at(
                &skip.key,
                format!(
                    "`{}` is not always written, and functions do not read what is absent; add `default`",
                    field.name()
                ),
            );
            Absent::No
        }
        (false, true, None) => Absent::No,
        (false, false, Some(skip)) => Absent::MustBe(skip.key.span()),
        (false, false, None) => Absent::AsType,
    }
}

/// The type of a tuple's element; `None` when it is not on the wire.
fn element(errors: &Errors, field: &Field<'_>) -> Option<WireType> {
    refuse(errors, field, &["skip_serializing", "skip_deserializing", "skip_serializing_if", "flatten"], |key| {
        format!("`{key}` changes the places of a tuple's fields; give the fields names")
    });
    (!field.serde.has("skip")).then(|| wire_type(errors, field))
}

fn newtype(errors: &Errors, field: &Field<'_>) -> WireType {
    let keys = ["skip", "skip_serializing", "skip_deserializing", "skip_serializing_if", "flatten"];
    refuse(errors, field, &keys, |key| {
        format!("`{key}` on the only field leaves nothing to store; remove the key, or the field")
    });
    wire_type(errors, field)
}

fn refuse(errors: &Errors, field: &Field<'_>, keys: &[&str], message: impl Fn(&Ident) -> String) {
    for key in keys {
        if let Some(Item { key, .. }) = field.serde.get(key) {
            errors.at(key, message(key));
        }
    }
}

/// The one field that a `transparent` struct stands for.
pub(super) fn transparent<'a, 'b>(errors: &Errors, key: &Ident, fields: &'b Fields<'a>) -> Option<&'b Field<'a>> {
    let mut shown = fields.list.iter().filter(|field| !field.serde.has("skip") && !is_named(field.ty, "PhantomData"));
    let first = shown.next();
    if first.is_none() || shown.next().is_some() {
        let names: Vec<String> = fields.list.iter().map(Field::name).collect();
        let all = list(names.iter().map(String::as_str));
        errors.at(key, format!("`transparent` needs exactly one field that is stored, this has {all}"));
        return None;
    }
    first
}

fn is_named(ty: &syn::Type, name: &str) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The place of a field's type, for what rustc has to say about it.
pub(super) fn spot(fields: &Fields<'_>) -> proc_macro2::Span {
    fields.list.first().map_or_else(|| fields.syn.span(), |field| field.ty.span())
}
