//! Whether a value has a shape.

use std::collections::BTreeSet;

use eventsourcing::schema::{Field, Integer, Shape, Tagging, Variant};
use serde_json::{Map, Value};

/// Whether the value has the shape. `enclosing` are the shapes that [`Shape::Itself`] may stand for, the nearest last.
pub fn accepts(shape: &Shape, value: &Value, enclosing: &[&'static Shape]) -> bool {
    match shape {
        Shape::Null => value.is_null(),
        Shape::Bool => value.is_boolean(),
        Shape::Integer(integer) => whole(*integer, value).is_some(),
        Shape::NonZero(integer) => whole(*integer, value).is_some_and(|number| number != 0),
        Shape::Float(_) => value.is_number(),
        Shape::Char => value.as_str().is_some_and(|text| text.chars().count() == 1),
        Shape::String => value.is_string(),
        Shape::Text(format) => value.as_str().is_some_and(|text| {
            let may_be_empty =
                matches!(*format, "hex" | "base64" | "base64-unpadded" | "base64url" | "base64url-unpadded");
            (may_be_empty || !text.is_empty()) && text.is_ascii()
        }),
        Shape::Any | Shape::Cut(_) => true,
        Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => accepts(inner, value, enclosing),
        Shape::Option(inner) => value.is_null() || accepts(inner, value, enclosing),
        Shape::List(inner) => list(value).is_some_and(|list| list.iter().all(|value| accepts(inner, value, enclosing))),
        Shape::Set(inner) => list(value).is_some_and(|list| {
            let alone = |(index, value)| !list[..index].contains(value) && accepts(inner, value, enclosing);
            list.iter().enumerate().all(alone)
        }),
        Shape::Array(inner, length) => list(value)
            .is_some_and(|list| list.len() == *length && list.iter().all(|value| accepts(inner, value, enclosing))),
        Shape::Tuple(shapes) => list(value).is_some_and(|list| {
            list.len() == shapes.len() && shapes.iter().zip(list).all(|(shape, value)| accepts(shape, value, enclosing))
        }),
        Shape::Map { key, .. } => value.as_object().is_some_and(|entries| {
            entries.keys().all(|name| is_key(key, name))
                && merged(shape, entries, &mut BTreeSet::new(), false, enclosing)
        }),
        Shape::Struct { .. } => {
            value.as_object().is_some_and(|entries| merged(shape, entries, &mut BTreeSet::new(), false, enclosing))
        }
        Shape::Enum { tagging, variants } => choice(tagging, variants, value, enclosing),
        Shape::Recursive(inner) => accepts(inner, value, &[enclosing, &[inner]].concat()),
        Shape::Itself => enclosing.last().is_some_and(|inner| accepts(inner, value, enclosing)),
        other => unimplemented!("{other:?}"),
    }
}

fn list(value: &Value) -> Option<&[Value]> {
    value.as_array().map(Vec::as_slice)
}

fn whole(integer: Integer, value: &Value) -> Option<i128> {
    let number = value.as_u64().map(i128::from).or_else(|| value.as_i64().map(i128::from))?;
    let fits = match integer {
        Integer::I8 => i8::try_from(number).is_ok(),
        Integer::I16 => i16::try_from(number).is_ok(),
        Integer::I32 => i32::try_from(number).is_ok(),
        Integer::I64 => i64::try_from(number).is_ok(),
        Integer::U8 => u8::try_from(number).is_ok(),
        Integer::U16 => u16::try_from(number).is_ok(),
        Integer::U32 => u32::try_from(number).is_ok(),
        Integer::U64 => u64::try_from(number).is_ok(),
        other => unimplemented!("{other:?}"),
    };
    fits.then_some(number)
}

fn is_key(shape: &Shape, name: &str) -> bool {
    let value = match shape {
        Shape::Bool | Shape::Integer(_) | Shape::NonZero(_) => serde_json::from_str(name).unwrap_or(Value::Null),
        _ => name.into(),
    };
    accepts(shape, &value, &[])
}

fn choice(tagging: &Tagging, variants: &[Variant], value: &Value, enclosing: &[&'static Shape]) -> bool {
    match (tagging, value) {
        (Tagging::External, Value::String(name)) => {
            find(variants, name).is_some_and(|variant| variant.shape == Shape::Null)
        }
        (Tagging::External, Value::Object(entries)) => match entries.iter().collect::<Vec<_>>().as_slice() {
            [(name, content)] => {
                find(variants, name).is_some_and(|variant| accepts(&variant.shape, content, enclosing))
            }
            _ => false,
        },
        (Tagging::External, _) => false,
        (Tagging::Untagged, _) => variants.iter().any(|variant| accepts(&variant.shape, value, enclosing)),
        (_, Value::Object(entries)) => flattened(tagging, variants, entries, &mut BTreeSet::new(), false, enclosing),
        _ => false,
    }
}

fn find<'a>(variants: &'a [Variant], name: &str) -> Option<&'a Variant> {
    let named = |variant: &&Variant| variant.name == name || variant.aliases.contains(&name);
    variants.iter().find(named).or_else(|| variants.iter().find(|variant| variant.other))
}

/// Whether the object has what the shape wants of it; `taken` are the keys that somebody has spoken for.
fn merged(
    shape: &Shape,
    entries: &Map<String, Value>,
    taken: &mut BTreeSet<String>,
    among_others: bool,
    enclosing: &[&'static Shape],
) -> bool {
    match shape {
        Shape::Struct { fields, closed } => {
            let here = |field: &&Field| !field.flatten;
            fields.iter().filter(here).all(|field| present(field, entries, taken, enclosing))
                && fields
                    .iter()
                    .filter(|field| field.flatten)
                    .all(|field| merged(&field.shape, entries, taken, true, enclosing))
                && (!closed || among_others || entries.keys().all(|name| taken.contains(name)))
        }
        Shape::Map { value, .. } => {
            entries.iter().filter(|(name, _)| !taken.contains(*name)).all(|(_, entry)| accepts(value, entry, enclosing))
        }
        Shape::Option(inner) => {
            let mut more = taken.clone();
            if merged(inner, entries, &mut more, among_others, enclosing) {
                *taken = more;
                return true;
            }
            !names(inner).iter().any(|name| entries.contains_key(*name))
        }
        Shape::Enum { tagging, variants } => flattened(tagging, variants, entries, taken, among_others, enclosing),
        Shape::Recursive(inner) => merged(inner, entries, taken, among_others, &[enclosing, &[inner]].concat()),
        Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => {
            merged(inner, entries, taken, among_others, enclosing)
        }
        Shape::Null | Shape::Any | Shape::Cut(_) => true,
        _ => false,
    }
}

fn present(
    field: &Field,
    entries: &Map<String, Value>,
    taken: &mut BTreeSet<String>,
    enclosing: &[&'static Shape],
) -> bool {
    let mut found = false;
    for name in std::iter::once(&field.name).chain(field.aliases) {
        if let Some(value) = entries.get(*name) {
            taken.insert((*name).to_owned());
            found = true;
            if !accepts(&field.shape, value, enclosing) {
                return false;
            }
        }
    }
    found || field.optional
}

fn flattened(
    tagging: &Tagging,
    variants: &[Variant],
    entries: &Map<String, Value>,
    taken: &mut BTreeSet<String>,
    among_others: bool,
    enclosing: &[&'static Shape],
) -> bool {
    let variant = |key: &str| entries.get(key).and_then(Value::as_str).and_then(|name| find(variants, name));
    match tagging {
        Tagging::External => entries.iter().any(|(name, content)| {
            let fits = find(variants, name).is_some_and(|variant| accepts(&variant.shape, content, enclosing));
            fits && taken.insert(name.clone())
        }),
        Tagging::Internal { tag } => {
            taken.insert((*tag).to_owned());
            variant(tag).is_some_and(|variant| {
                variant.shape == Shape::Null || merged(&variant.shape, entries, taken, among_others, enclosing)
            })
        }
        Tagging::Adjacent { tag, content } => {
            taken.extend([(*tag).to_owned(), (*content).to_owned()]);
            variant(tag).is_some_and(|variant| match entries.get(*content) {
                Some(value) => accepts(&variant.shape, value, enclosing),
                // serde reads an `Option` from nothing there, but no `()`.
                None => match variant.shape {
                    Shape::Null => true,
                    Shape::Option(inner) => *inner != Shape::Null,
                    _ => false,
                },
            })
        }
        Tagging::Untagged => {
            variants.iter().any(|variant| merged(&variant.shape, entries, taken, among_others, enclosing))
        }
    }
}

/// The keys by which a flattened `Option` shows that it is there.
fn names(shape: &Shape) -> Vec<&'static str> {
    match shape {
        Shape::Struct { fields, .. } => fields.iter().map(|field| field.name).collect(),
        Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => names(inner),
        Shape::Enum { tagging: Tagging::External, variants } => variants.iter().map(|variant| variant.name).collect(),
        Shape::Enum { tagging: Tagging::Internal { tag } | Tagging::Adjacent { tag, .. }, .. } => vec![tag],
        _ => Vec::new(),
    }
}
