//! One text for each value: a lock compares values as texts, and sets and hash maps are written in another order each time.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    lock::accepts,
    schema::{Shape, Tagging, Variant},
};

type Entries = BTreeMap<String, Value>;

/// The JSON with its keys sorted, and the elements of sets as well.
pub(super) fn canonical(shape: &Shape, json: &str) -> String {
    let value = serde_json::from_str::<Value>(json);
    value.map_or_else(|_| json.to_owned(), |value| sorted(shape, value, shape).to_string())
}

/// `whole` is the nearest shape around that contains itself.
fn sorted(shape: &Shape, value: Value, whole: &Shape) -> Value {
    match (shape, value) {
        (Shape::Recursive(inner), value) => sorted(inner, value, inner),
        (Shape::Itself, value) if *whole != Shape::Itself => sorted(whole, value, whole),
        (Shape::Ordered(Shape::Set(inner)), Value::Array(items)) => each(items, |item| sorted(inner, item, whole)),
        (Shape::Option(inner) | Shape::Stated(inner, _) | Shape::Format(_, inner) | Shape::Ordered(inner), value) => {
            sorted(inner, value, whole)
        }
        (Shape::Enum { tagging: Tagging::Untagged, variants }, value) => {
            let variant = accepts::variant_of(variants, &[whole], &value);
            sorted(variant.map_or(&Shape::Any, |variant| &variant.shape), value, whole)
        }
        (Shape::Set(inner), Value::Array(items)) => {
            let mut items: Vec<Value> = items.into_iter().map(|item| sorted(inner, item, whole)).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        (Shape::List(inner) | Shape::Array(inner, _), Value::Array(items)) => {
            each(items, |item| sorted(inner, item, whole))
        }
        (Shape::Tuple(shapes), Value::Array(items)) => {
            Value::Array(shapes.iter().zip(items).map(|(shape, item)| sorted(shape, item, whole)).collect())
        }
        // What any JSON holds has no shape, and its keys are sorted all the same.
        (_, Value::Array(items)) => each(items, |item| sorted(&Shape::Any, item, whole)),
        (_, Value::Object(entries)) => {
            // A feature of somebody else's crate keeps keys in the order of writing.
            let entries: Entries = entries.into_iter().collect();
            let sorted = |(key, value): (&String, &Value)| {
                let shape = part(shape, key, &entries).unwrap_or(&Shape::Any);
                (key.clone(), sorted(shape, value.clone(), whole))
            };
            Value::Object(entries.iter().map(sorted).collect())
        }
        (_, value) => value,
    }
}

fn each(items: Vec<Value>, sorted: impl Fn(Value) -> Value) -> Value {
    Value::Array(items.into_iter().map(sorted).collect())
}

/// What stands under this key of an object.
fn part<'a>(shape: &'a Shape, key: &str, entries: &Entries) -> Option<&'a Shape> {
    match shape {
        Shape::Option(inner)
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => part(inner, key, entries),
        Shape::Map { value, .. } => Some(value),
        Shape::Struct { fields, .. } => {
            let own = fields.iter().find(|field| !field.flatten && field.name == key).map(|field| &field.shape);
            let flattened = || fields.iter().filter(|field| field.flatten);
            own.or_else(|| flattened().find_map(|field| part(&field.shape, key, entries)))
        }
        Shape::Enum { tagging, variants } => match tagging {
            Tagging::External => accepts::named(variants, key).map(|variant| &variant.shape),
            Tagging::Internal { tag } => part(&tagged(variants, tag, entries)?.shape, key, entries),
            Tagging::Adjacent { tag, content } if key == *content => Some(&tagged(variants, tag, entries)?.shape),
            Tagging::Adjacent { .. } | Tagging::Untagged => None,
        },
        _ => None,
    }
}

fn tagged<'a>(variants: &'a [Variant], tag: &str, entries: &Entries) -> Option<&'a Variant> {
    accepts::named(variants, entries.get(tag)?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::schema::{Adapter, CodePlace, DefaultValue, Field, Shape, Tagging, Variant};

    const SET: Shape = Shape::Set(&Shape::String);
    const NAMED: &[Field] = &[field("names", SET)];
    const STRUCT: Shape = Shape::Struct { fields: NAMED, closed: false };
    const FLATTENED: &[Field] = &[Field { flatten: true, ..field("inner", STRUCT) }];
    const VARIANTS: &[Variant] = &[variant("Other", Shape::Bool), variant("Named", STRUCT)];
    const NODE: Shape =
        Shape::Struct { fields: &[field("names", SET), field("inner", Shape::Option(&Shape::Itself))], closed: false };

    /// What a value is, its shape, how it may be written, and its one text.
    const TABLE: &[(&str, Shape, &str, &str)] = &[
        ("a set", SET, r#"["b","a"]"#, r#"["a","b"]"#),
        ("sets in a set", Shape::Set(&SET), r#"[["d"],["c","b"]]"#, r#"[["b","c"],["d"]]"#),
        ("a list", Shape::List(&SET), r#"[["d"],["c","b"]]"#, r#"[["d"],["b","c"]]"#),
        ("an array", Shape::Array(&SET, 2), r#"[["d"],["c","b"]]"#, r#"[["d"],["b","c"]]"#),
        ("a tuple", Shape::Tuple(&[SET, LIST]), r#"[["b","a"],["b","a"]]"#, r#"[["a","b"],["b","a"]]"#),
        ("a set in its order", Shape::Ordered(&SET), r#"["b","a"]"#, r#"["b","a"]"#),
        ("sets in such a set", Shape::Ordered(&Shape::Set(&SET)), r#"[["d"],["c","b"]]"#, r#"[["d"],["b","c"]]"#),
        ("a heap", Shape::Format("heap", &LIST), r#"["b","a"]"#, r#"["b","a"]"#),
        ("an option", Shape::Option(&SET), r#"["b","a"]"#, r#"["a","b"]"#),
        ("nothing", Shape::Option(&SET), "null", "null"),
        ("what is stated", Shape::Stated(&SET, Adapter::UNKNOWN), r#"["b","a"]"#, r#"["a","b"]"#),
        ("a map", map(), r#"{"z":["b","a"],"a":[]}"#, r#"{"a":[],"z":["a","b"]}"#),
        (
            "a map in its order",
            Shape::Ordered(&Shape::Map { key: &Shape::String, value: &SET }),
            r#"{"z":["b","a"],"a":[]}"#,
            r#"{"a":[],"z":["a","b"]}"#,
        ),
        ("a struct", STRUCT, r#"{"names":["b","a"]}"#, r#"{"names":["a","b"]}"#),
        ("fields among others", flattened(), r#"{"z":1,"names":["b","a"]}"#, r#"{"names":["a","b"],"z":1}"#),
        (
            "a tag outside",
            choice(Tagging::External),
            r#"{"Named":{"names":["b","a"]}}"#,
            r#"{"Named":{"names":["a","b"]}}"#,
        ),
        (
            "a tag inside",
            choice(Tagging::Internal { tag: "type" }),
            r#"{"type":"Named","names":["b","a"]}"#,
            r#"{"names":["a","b"],"type":"Named"}"#,
        ),
        (
            "a tag beside",
            choice(Tagging::Adjacent { tag: "type", content: "of" }),
            r#"{"type":"Named","of":{"names":["b","a"]}}"#,
            r#"{"of":{"names":["a","b"]},"type":"Named"}"#,
        ),
        ("no tag", choice(Tagging::Untagged), r#"{"names":["b","a"]}"#, r#"{"names":["a","b"]}"#),
        (
            "what contains itself",
            Shape::Recursive(&NODE),
            r#"{"names":["b","a"],"inner":{"names":["d","c"],"inner":null}}"#,
            r#"{"inner":{"inner":null,"names":["c","d"]},"names":["a","b"]}"#,
        ),
        ("anything", Shape::Any, r#"[{"b":["d","c"],"a":1}]"#, r#"[{"a":1,"b":["d","c"]}]"#),
        ("no JSON", SET, "{b: 1}", "{b: 1}"),
    ];

    #[test]
    fn a_value_has_one_text() {
        for (what, shape, written, expected) in TABLE {
            assert_eq!(canonical(shape, written), *expected, "{what}");
            assert_eq!(canonical(shape, expected), *expected, "{what}, again");
        }
    }

    const LIST: Shape = Shape::List(&Shape::String);

    const fn map() -> Shape {
        Shape::Map { key: &Shape::String, value: &SET }
    }

    const fn flattened() -> Shape {
        Shape::Struct { fields: FLATTENED, closed: false }
    }

    const fn choice(tagging: Tagging) -> Shape {
        Shape::Enum { tagging, variants: VARIANTS }
    }

    const fn field(name: &'static str, shape: Shape) -> Field {
        Field {
            name,
            aliases: &[],
            shape,
            optional: false,
            flatten: false,
            read_only: false,
            default: DefaultValue::NONE,
            origin: CodePlace::UNKNOWN,
        }
    }

    const fn variant(name: &'static str, shape: Shape) -> Variant {
        Variant { name, aliases: &[], shape, other: false, read_only: false, origin: CodePlace::UNKNOWN }
    }
}
