//! The rules of `derive(Event)`.

use std::collections::HashMap;

use syn::{Ident, LitInt, ext::IdentExt};

use super::{
    case,
    fields::{self, Common},
    lock::lock,
    number,
    schema::structure,
    tags::{Names, checked_tag, whole_tag},
};
use crate::{
    ast::{Body, Fields, Input, Style, Variant},
    attr::{Item, Items, Retired as WrittenRetired, Step, Value},
    case::tag_word,
    diag::{Errors, text_of},
    model::{Event, Nested, Own, Payload, PayloadField, PayloadStyle, Retired, Wire},
    path,
};

const VERSION: &str = "a version: a number from 1 to 65535";
const TAG_IS_A_COLUMN: &str =
    "the store keeps the tag of an event beside its payload, never in it; delete `tag`, `content` and `untagged`";

/// What is derived; `None` when there is too little to go on.
pub(crate) fn event<'a>(errors: &Errors, input: &'a Input<'a>) -> Option<Event<'a>> {
    if !input.generics.params.is_empty() {
        errors.at(
            input.generics,
            format!("an event type stands for one stored shape, so `{}` cannot be generic; make its payload generic, and name the arguments in the variant", input.ident),
        );
    }
    refuse_container(errors, input);
    let retired = retired(errors, &input.own);
    let (mut own, mut nested) = (Vec::new(), Vec::new());
    match &input.body {
        Body::Union => return None,
        Body::Struct(fields) => {
            let found = single(errors, input, fields)?;
            own.push(Own { sound: errors.is_empty(), ..found });
        }
        Body::Enum(variants) => {
            let names = Names::of(errors, input, variants);
            for variant in variants {
                let its_errors = Errors::new();
                check_cfg(&its_errors, variant);
                let mut found = None;
                if variant.own.has("nested") {
                    nested.extend(check_nested(&its_errors, variant));
                } else {
                    found = one(&its_errors, input, &names, variant);
                }
                let sound = errors.take(&its_errors) && variant.sound;
                own.extend(found.map(|found| Own { sound, ..found }));
            }
        }
    }
    distinct(errors, &own, &retired);
    let lock = lock(errors, input, &own, &nested, &retired);
    let serde = input.serde.iter().filter(|item| item.key != "crate" && item.key != "bound");
    Some(Event {
        ident: input.ident,
        private: path::private(&input.own),
        single: matches!(input.body, Body::Struct(_)),
        own,
        nested,
        retired,
        serde: serde.map(|item| item.tokens.clone()).collect(),
        unlocked: input.own.has("unlocked"),
        lock,
    })
}

fn refuse_container(errors: &Errors, input: &Input<'_>) {
    if let (Some(Item { key, .. }), true) = (input.own.get("unlocked"), input.own.has("lock")) {
        errors.at(
            key,
            "`unlocked` keeps the type out of the lock, so it has no section there; remove `unlocked` or `lock`",
        );
    }
    // The keys of serde's taggings come together and are deleted together: one message for all of them.
    let tagging = ["tag", "content", "untagged"].into_iter().find_map(|key| input.serde.get(key));
    if let Some(Item { key, .. }) = tagging {
        errors.at(key, TAG_IS_A_COLUMN);
    }
    for Item { key, .. } in input.serde.iter() {
        let why = match key.to_string().as_str() {
            "from" | "try_from" | "into" | "remote" => "an event is stored as it is; convert its payload type instead",
            _ => continue,
        };
        errors.at(key, why);
    }
}

fn single<'a>(errors: &Errors, input: &'a Input<'a>, fields: &'a Fields<'a>) -> Option<Own<'a>> {
    refuse_getters(errors, fields);
    let payload = match fields.style {
        Style::Tuple => {
            errors.at(
                fields.syn,
                format!("the fields of `{}` have no names to be stored under; give them names", input.ident),
            );
            return None;
        }
        style => {
            let (wire, _) = structure(errors, &input.serde, fields)?;
            Payload { wire: as_object(wire), rename_all: None, read: Vec::new(), ..parts(fields, style)? }
        }
    };
    let tag = whole_tag(&input.own, &input.serde).cloned();
    if tag.is_none() && !input.own.was_given("tag") && !input.serde.was_given("rename") {
        let word = tag_word(&input.ident.unraw().to_string());
        errors.at(
            input.ident,
            format!("`{}` lacks `#[event(tag = \"{word}\")]`, the name it is stored under", input.ident),
        );
    }
    let (version, older) = versions(errors, &input.own);
    let version_at = input.own.int("version").map_or(input.ident.span(), LitInt::span);
    Some(Own { ident: input.ident, tag: checked_tag(errors, tag?), version, version_at, older, payload, sound: true })
}

fn check_cfg(errors: &Errors, variant: &Variant<'_>) {
    if let Some(cfg) = variant.cfg {
        errors.at(
            cfg,
            format!(
                "`{}` may be in the history of every build, so it cannot depend on `cfg`; remove it",
                variant.ident
            ),
        );
    }
}

fn one<'a>(errors: &Errors, input: &'a Input<'a>, names: &Names, variant: &'a Variant<'a>) -> Option<Own<'a>> {
    refuse_variant(errors, variant);
    let fields = &variant.fields;
    refuse_getters(errors, fields);
    if fields.style == Style::Tuple {
        errors.at(fields.syn, tuple_remedy(variant));
        return None;
    }
    let rename_all = variant.serde.str("rename_all").or_else(|| input.serde.str("rename_all_fields"));
    let holder = if variant.serde.has("rename_all") {
        (&variant.serde, "rename_all")
    } else {
        (&input.serde, "rename_all_fields")
    };
    let closed = input.serde.has("deny_unknown_fields");
    let common = Common { rename_all: case(errors, holder.0, holder.1), default: false, closed };
    let read = input.serde.iter().filter(|item| item.key == "expecting" || item.key == "deny_unknown_fields");
    let payload = Payload {
        wire: as_object(fields::wire(errors, fields, common)),
        rename_all: rename_all.cloned(),
        read: read.map(|item| item.tokens.clone()).collect(),
        ..parts(fields, fields.style)?
    };
    let (version, older) = versions(errors, &variant.own);
    let tag = whole_tag(&variant.own, &variant.serde).cloned().or_else(|| names.tag(variant))?;
    let version_at = variant.own.int("version").map_or(variant.ident.span(), LitInt::span);
    Some(Own { ident: variant.ident, tag: checked_tag(errors, tag), version, version_at, older, payload, sound: true })
}

fn check_nested<'a>(errors: &Errors, variant: &'a Variant<'a>) -> Option<Nested<'a>> {
    for item in variant.own.iter().filter(|item| item.key != "nested") {
        let message =
            format!("a nested event type has tags and versions of its own; remove `{}`, or `nested`", item.key);
        errors.at(&item.key, message);
    }
    let of_field = variant.fields.list.iter().flat_map(|field| field.serde.iter().chain(field.schema.iter()));
    for item in variant.serde.iter().chain(of_field) {
        errors.at(&item.key, format!("a nested event type is stored by its own rules; write `{}` there", item.key));
    }
    match variant.fields.list.as_slice() {
        [field] if variant.fields.style == Style::Newtype => Some(Nested { ident: variant.ident, ty: field.ty }),
        _ => {
            let ident = variant.ident;
            errors.at(ident, format!("`nested` stands for one event type: write `{ident}({ident}Event)`"));
            None
        }
    }
}

fn refuse_variant(errors: &Errors, variant: &Variant<'_>) {
    for Item { key, .. } in variant.serde.iter() {
        let why = match key.to_string().as_str() {
            "alias" => {
                "an event has one tag, by which it is subscribed to; keep the one that is stored: `#[event(tag = \"..\")]`"
            }
            "skip" | "skip_serializing" | "skip_deserializing" => {
                "an event that is not stored is no event; for tags that only history holds write `#[event(retired(..))]` on the enum"
            }
            "untagged" => TAG_IS_A_COLUMN,
            "other" => "an unknown tag is the reader's to decide on; remove this key",
            _ => continue,
        };
        errors.at(key, why);
    }
}

/// A getter reads a field of a type of another crate.
fn refuse_getters(errors: &Errors, fields: &Fields<'_>) {
    for field in &fields.list {
        if let Some(Item { key, .. }) = field.serde.get("getter") {
            errors.at(key, "`getter` belongs to `remote`, and an event has its fields itself; remove this key");
        }
    }
}

fn tuple_remedy(variant: &Variant<'_>) -> String {
    let ident = variant.ident;
    let types: Vec<String> = variant.fields.list.iter().map(|field| text_of(field.ty)).collect();
    if types.is_empty() {
        return format!("write `{ident}` without parentheses for an event without a payload");
    }
    let named: Vec<String> = types.iter().enumerate().map(|(i, ty)| format!("name{}: {ty}", i + 1)).collect();
    format!("the fields of `{ident}` have no names to be stored under; write `{ident} {{ {} }}`", named.join(", "))
}

/// The fields as the codec needs them; `None` for a tuple.
fn parts<'a>(fields: &Fields<'a>, style: Style) -> Option<Payload<'a>> {
    let style = match style {
        Style::Named => PayloadStyle::Named,
        Style::Newtype => PayloadStyle::Newtype,
        Style::Unit => PayloadStyle::Unit,
        Style::Tuple => return None,
    };
    let field = |field: &crate::ast::Field<'a>| PayloadField {
        member: field.member.clone(),
        ty: field.ty,
        serde: field.serde.iter().map(|item| item.tokens.clone()).collect(),
    };
    let fields = fields.list.iter().map(field).collect();
    Some(Payload { style, fields, wire: Wire::Null, rename_all: None, read: Vec::new() })
}

/// An event without fields is stored as an object, so that it may get some later.
fn as_object(wire: Wire) -> Wire {
    match wire {
        Wire::Null => Wire::Object { fields: Vec::new(), closed: false, hidden: false },
        other => other,
    }
}

/// The version that is written, and the types of those before it.
fn versions(errors: &Errors, own: &Items) -> (u16, Vec<syn::Type>) {
    let stated = own.int("version");
    let version = stated.map_or(Some(1), |written| {
        number(errors, written, VERSION).filter(|number| {
            if *number == 0 {
                errors.at(written, format!("`0` is not {VERSION}"));
            }
            *number != 0
        })
    });
    let steps = match own.get("upcast").map(|item| &item.value) {
        Some(Value::Steps(steps)) => steps.as_slice(),
        _ => &[],
    };
    let Some(version) = version else { return (1, Vec::new()) };
    let older = older(errors, steps, version);
    let missing: Vec<String> =
        (1..version).filter(|number| !older.contains_key(number)).map(|n| n.to_string()).collect();
    if let (Some(stated), false, false) = (stated, missing.is_empty(), own.was_given("upcast") && steps.is_empty()) {
        errors.at(
            stated,
            format!(
                "history may hold each version before {version}; say how to read {}: `upcast({})`",
                missing.join(", "),
                missing.iter().map(|number| format!("{number} = TypeOfVersion{number}")).collect::<Vec<_>>().join(", ")
            ),
        );
    }
    (version, (1..version).filter_map(|number| older.get(&number).map(|step| step.ty.clone())).collect())
}

fn older<'a>(errors: &Errors, steps: &'a [Step], version: u16) -> HashMap<u16, &'a Step> {
    let mut older = HashMap::new();
    for step in steps {
        let Some(number) = number::<u16>(errors, &step.version, VERSION) else { continue };
        if number == 0 {
            errors.at(&step.version, format!("`0` is not {VERSION}"));
        } else if number >= version {
            let message = format!(
                "a step leads from an older version to `version`, which is {version}; raise it: `version = {}`",
                u32::from(number) + 1
            );
            errors.at(&step.version, message);
        } else if older.insert(number, step).is_some() {
            errors.at(&step.version, format!("version {number} is read in two ways; keep one"));
        }
    }
    older
}

fn retired(errors: &Errors, own: &Items) -> Vec<Retired> {
    let written =
        own.iter().filter_map(|item| if let Value::Retired(retired) = &item.value { Some(retired) } else { None });
    written.filter_map(|retired| check_retired(errors, retired)).collect()
}

fn check_retired(errors: &Errors, written: &WrittenRetired) -> Option<Retired> {
    let first: u16 = number(errors, &written.first, VERSION)?;
    let last: u16 = number(errors, &written.last, VERSION)?;
    if first == 0 {
        errors.at(&written.first, format!("`0` is not {VERSION}"));
    } else if last < first {
        errors.at(&written.last, format!("no versions lie between {first} and {last}; write the older one first"));
    }
    Some(Retired { tag: checked_tag(errors, written.tag.clone()), first, last })
}

/// Each tag stands for one thing.
fn distinct(errors: &Errors, own: &[Own<'_>], retired: &[Retired]) {
    let mut taken: HashMap<String, Option<&Ident>> = HashMap::new();
    for own in own {
        if let Some(Some(other)) = taken.insert(own.tag.value(), Some(own.ident)) {
            errors.at(
                &own.tag,
                format!("`{}` has the tag \"{}\" already; give `{}` another", other, own.tag.value(), own.ident),
            );
        }
    }
    for retired in retired {
        match taken.insert(retired.tag.value(), None) {
            Some(Some(ident)) => errors.at(
                &retired.tag,
                format!(
                    "`{ident}` still writes \"{}\", so it is not retired; remove the one or the other",
                    retired.tag.value()
                ),
            ),
            Some(None) => errors.at(&retired.tag, format!("\"{}\" is retired twice; keep one", retired.tag.value())),
            None => {}
        }
    }
}
