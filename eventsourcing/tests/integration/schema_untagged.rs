//! Untagged enums: variants that are always read as an earlier one, and variants that may read more than they did.

use eventsourcing::{
    __private::mistaken_for,
    schema::{Adapter, Field, Float, Integer, Shape, Tagging, Variant, Verdict, compatibility},
};

const NUMBER: Shape = Shape::Integer(Integer::I64);
const FLOAT: Shape = Shape::Float(Float::F64);
const SMALL: Shape = Shape::Integer(Integer::U8);

/// The variants by name, and whether the second is always read as the first.
const TABLE: &[(&str, Shape, Shape, bool)] = &[
    ("a float and an integer", FLOAT, NUMBER, true),
    ("an integer and a float", NUMBER, FLOAT, false),
    ("a small integer and a large one", SMALL, NUMBER, false),
    ("a large integer and a small one", NUMBER, SMALL, true),
    ("text and a date", Shape::String, Shape::Text("date"), true),
    ("a date and text", Shape::Text("date"), Shape::String, false),
    ("anything and text", Shape::Any, Shape::String, true),
    ("an option and nothing", Shape::Option(&NUMBER), Shape::Null, true),
    ("no required field and another field", object(&[optional("name")]), object(&[required("id")]), true),
    ("the other way round", object(&[required("id")]), object(&[optional("name")]), false),
    (
        "a required field and that field among others",
        object(&[required("a")]),
        object(&[required("a"), required("b")]),
        true,
    ),
    ("two required fields and one of them", object(&[required("a"), required("b")]), object(&[required("a")]), false),
    ("one that refuses other fields", closed(&[required("a")]), object(&[required("a"), required("b")]), false),
    ("a list and a pair", Shape::List(&NUMBER), Shape::Tuple(&[NUMBER, NUMBER]), true),
    ("a pair and a list", Shape::Tuple(&[NUMBER, NUMBER]), Shape::List(&NUMBER), false),
    ("no required field and a tagged enum", object(&[optional("name")]), tagged("type"), true),
    ("the tag of a tagged enum and that enum", object(&[optional("type")]), tagged("type"), false),
    ("a map and a struct", map(), object(&[required("a")]), true),
];

#[test]
fn a_variant_that_is_never_read_is_known_as_such() {
    for (what, first, second, expected) in TABLE {
        assert_eq!(is_mistaken(*first, *second, false), *expected, "{what}");
    }
}

/// It has no values, so none is mistaken.
#[test]
fn a_variant_that_is_not_written_is_not_mistaken() {
    assert!(!is_mistaken(FLOAT, NUMBER, true));
}

/// What the first variant was and is, the second variant, and what becomes of the enum.
const WIDENED: &[(&str, Shape, Shape, Shape, Verdict)] = &[
    ("an integer before text", SMALL, NUMBER, Shape::String, Verdict::Additive),
    ("an integer before a larger one", SMALL, NUMBER, NUMBER, Verdict::Breaking),
    ("an integer before a float", SMALL, NUMBER, FLOAT, Verdict::Breaking),
    ("an integer before decimal text", SMALL, NUMBER, Shape::Text("decimal"), Verdict::Additive),
    ("a date before text", Shape::Text("date"), Shape::String, Shape::String, Verdict::Breaking),
    (
        "decimal text before a number",
        Shape::Text("decimal"),
        Shape::Option(&Shape::Text("decimal")),
        NUMBER,
        Verdict::Breaking,
    ),
    ("a number before nothing", NUMBER, Shape::Option(&NUMBER), Shape::Null, Verdict::Breaking),
    (
        "fields before text",
        object(&[required("a")]),
        object(&[required("a"), optional("b")]),
        Shape::String,
        Verdict::Additive,
    ),
    (
        "fields before a list",
        object(&[required("a")]),
        object(&[required("a"), optional("b")]),
        Shape::List(&NUMBER),
        Verdict::Breaking,
    ),
    (
        "fields before others",
        object(&[required("a")]),
        object(&[required("a"), optional("b")]),
        object(&[required("c")]),
        Verdict::Additive,
    ),
    (
        "fields before the same",
        closed(&[required("a")]),
        closed(&[required("a"), optional("b")]),
        object(&[required("a"), required("b")]),
        Verdict::Breaking,
    ),
    (
        "fields before a map",
        object(&[required("a")]),
        object(&[required("a"), optional("b")]),
        map(),
        Verdict::Breaking,
    ),
    (
        "what is stated otherwise",
        Shape::Stated(&SMALL, Adapter::UNKNOWN),
        Shape::Stated(&NUMBER, Adapter::UNKNOWN),
        Shape::String,
        Verdict::Breaking,
    ),
    (
        "fields that are required no more",
        object(&[required("a")]),
        object(&[optional("a")]),
        object(&[required("c")]),
        Verdict::Breaking,
    ),
];

#[test]
fn a_variant_may_read_more_where_it_takes_nothing_from_another() {
    for (what, was, is, second, expected) in WIDENED {
        assert_eq!(compatibility(&untagged(*is, *second), &untagged(*was, *second)), *expected, "{what}");
    }
}

/// Nothing comes after it.
#[test]
fn the_last_variant_may_read_more() {
    assert_eq!(compatibility(&untagged(SMALL, FLOAT), &untagged(SMALL, Shape::Float(Float::F32))), Verdict::Additive);
}

#[test]
fn variants_are_not_moved() {
    assert_eq!(compatibility(&untagged(Shape::String, NUMBER), &untagged(NUMBER, Shape::String)), Verdict::Breaking);
}

fn untagged(first: Shape, second: Shape) -> Shape {
    let variants = Vec::leak(vec![Variant::new("first", first), Variant::new("second", second)]);
    Shape::Enum { tagging: Tagging::Untagged, variants }
}

fn is_mistaken(first: Shape, second: Shape, read_only: bool) -> bool {
    let second = Variant::new("second", second);
    let second = if read_only { second.read_only() } else { second };
    let variants = Vec::leak(vec![Variant::new("first", first), second]);
    mistaken_for(variants, 1).is_some()
}

const fn object(fields: &'static [Field]) -> Shape {
    Shape::Struct { fields, closed: false }
}

const fn closed(fields: &'static [Field]) -> Shape {
    Shape::Struct { fields, closed: true }
}

const fn tagged(tag: &'static str) -> Shape {
    Shape::Enum { tagging: Tagging::Adjacent { tag, content: "of" }, variants: &[] }
}

const fn map() -> Shape {
    Shape::Map { key: &Shape::String, value: &NUMBER }
}

const fn required(name: &'static str) -> Field {
    Field::new(name, NUMBER)
}

const fn optional(name: &'static str) -> Field {
    required(name).optional(true)
}
