//! Contents that are `null` or nothing, and objects that several types share.

use std::{collections::BTreeMap, fmt::Debug};

use eventsourcing::{
    Schema,
    codec::json::from_slice,
    schema::{Shape, json_schema},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{foreign::real, harness::validator};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Nothing;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Content {
    number: u8,
}

macro_rules! contents {
    ($name:ident $(, #[$serde:meta])?) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
        $(#[$serde])?
        enum $name {
            Unit,
            Null(()),
            Nothing(Nothing),
            Fields {},
            Many(BTreeMap<String, u8>),
            One(Content),
        }
    };
}

contents!(External);
contents!(Internal, #[serde(tag = "t")]);
contents!(Adjacent, #[serde(tag = "t", content = "c")]);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
enum ExternalOption {
    Maybe(Option<u8>),
    Pair(Option<u8>, ()),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "t", content = "c")]
enum AdjacentOption {
    Maybe(Option<u8>),
    Boxed(Box<Option<Content>>),
}

/// One of a parameter that may be nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
enum Outcome<T, E = String> {
    Done(T),
    Failed(E),
}

#[test]
fn a_unit_variant_is_not_one_with_null_as_content() {
    let many = || BTreeMap::from([("a".to_owned(), 1)]);
    real([External::Unit, External::Null(()), External::Nothing(Nothing), External::Fields {}]);
    real([External::Many(many()), External::One(Content { number: 1 })]);
    real([Adjacent::Unit, Adjacent::Null(()), Adjacent::Nothing(Nothing), Adjacent::Fields {}]);
    real([Adjacent::Many(many()), Adjacent::One(Content { number: 1 })]);
    real([ExternalOption::Maybe(None), ExternalOption::Maybe(Some(1)), ExternalOption::Pair(None, ())]);
    real([AdjacentOption::Maybe(None), AdjacentOption::Maybe(Some(1))]);
    real([AdjacentOption::Boxed(Box::new(None)), AdjacentOption::Boxed(Box::new(Some(Content { number: 1 })))]);
    real([Outcome::Done(()), Outcome::Failed("no".to_owned())]);
    real([Outcome::Done(None), Outcome::Done(Some(1)), Outcome::Failed(())]);
    assert_ne!(Outcome::<(), ()>::SHAPE, Outcome::<u8, u8>::SHAPE);
    agree::<External>(&[
        (json!("Unit"), true),
        (json!("Null"), false),
        (json!("Nothing"), false),
        (json!({ "Null": null }), true),
        (json!({ "Null": 1 }), false),
        (json!({ "Unit": 1 }), false),
        (json!({ "Fields": null }), false),
    ]);
    agree::<ExternalOption>(&[
        (json!("Maybe"), false),
        (json!({ "Maybe": null }), true),
        (json!({ "Pair": [null, null] }), true),
        (json!({ "Pair": null }), false),
    ]);
    agree::<Adjacent>(&[
        (json!({ "t": "Unit" }), true),
        (json!({ "t": "Unit", "c": null }), true),
        (json!({ "t": "Unit", "c": 1 }), false),
        (json!({ "t": "Null" }), false),
        (json!({ "t": "Null", "c": null }), true),
        (json!({ "t": "Nothing" }), false),
        (json!({ "t": "Fields" }), false),
        (json!({ "t": "One" }), false),
    ]);
    agree::<AdjacentOption>(&[
        (json!({ "t": "Maybe" }), true),
        (json!({ "t": "Boxed" }), true),
        (json!({ "t": "Maybe", "c": null }), true),
        (json!({ "t": "Maybe", "c": "a" }), false),
    ]);
}

#[test]
fn contents_beside_their_tag() {
    real([Internal::Unit, Internal::Fields {}, Internal::Many(BTreeMap::from([("a".to_owned(), 1)]))]);
    real([Internal::One(Content { number: 1 })]);
    for value in [Internal::Null(()), Internal::Nothing(Nothing)] {
        let text = serde_json::to_vec(&value).expect("it is written");
        assert_eq!(from_slice::<Internal>(&text).expect("it is read"), value);
    }
    agree::<Internal>(&[(json!({ "t": "One" }), false), (json!({ "t": "Unit", "more": 1 }), true)]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum EachWithFields {
    Content(Content),
    Closed(Closed),
    Choice(Choice),
    Text { text: String },
    Empty {},
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
struct Closed {
    word: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
enum Choice {
    ChoiceA,
    ChoiceB(u8),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Flat<T> {
    own: u8,
    #[serde(flatten)]
    inner: T,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Sparse {
    own: u8,
    #[serde(flatten, skip_serializing_if = "BTreeMap::is_empty")]
    rest: BTreeMap<String, u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Defaulted {
    #[serde(flatten, default)]
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct NotDefaulted {
    #[serde(flatten)]
    content: Content,
}

impl Default for Content {
    fn default() -> Self {
        Self { number: 7 }
    }
}

#[test]
fn flattened_types_are_read_again() {
    let flat = |inner| Flat { own: 1, inner };
    real([
        flat(EachWithFields::Content(Content { number: 1 })),
        flat(EachWithFields::Closed(Closed { word: "a".to_owned() })),
        flat(EachWithFields::Choice(Choice::ChoiceA)),
        flat(EachWithFields::Choice(Choice::ChoiceB(1))),
        flat(EachWithFields::Text { text: "a".to_owned() }),
    ]);
    real([Flat { own: 1, inner: Nothing }]);
    real([Flat { own: 1, inner: () }]);
    real([Flat { own: 1, inner: Some(Content { number: 1 }) }, Flat { own: 1, inner: None }]);
    real([Flat { own: 1, inner: Box::new(Content { number: 1 }) }]);
    real([Flat { own: 1, inner: Flattened { number: 1, deep: Closed { word: "a".to_owned() } } }]);
    let rest = |rest| Sparse { own: 1, rest };
    real([rest(BTreeMap::new()), rest(BTreeMap::from([("a".to_owned(), 1)]))]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Flattened {
    number: u8,
    #[serde(flatten)]
    deep: Closed,
}

/// serde asks the flattened type alone what it makes of a missing field.
#[test]
fn a_flattened_field_has_no_default() {
    assert_eq!(Defaulted::SHAPE, NotDefaulted::SHAPE);
    agree::<Defaulted>(&[(json!({}), false), (json!({ "number": 1 }), true)]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(default)]
struct AllDefaulted {
    number: u8,
    #[serde(alias = "older", alias = "oldest")]
    text: String,
    list: Vec<u8>,
}

impl Default for AllDefaulted {
    fn default() -> Self {
        Self { number: 7, text: "none".to_owned(), list: vec![1] }
    }
}

#[test]
fn a_container_has_a_default_for_each_field() {
    real([AllDefaulted::default()]);
    agree::<AllDefaulted>(&[
        (json!({}), true),
        (json!({ "number": 1 }), true),
        (json!({ "older": "a" }), true),
        (json!({ "oldest": 1 }), false),
        (json!({ "number": null }), false),
    ]);
}

/// The end of a range is no field that a derive has written.
#[test]
fn the_end_of_a_range_is_never_absent() {
    agree::<std::ops::Range<Option<u8>>>(&[
        (json!({ "start": null, "end": 1 }), true),
        (json!({ "start": 1 }), false),
        (json!({ "start": 1, "end": 2, "more": 3 }), false),
    ]);
}

/// The codec, the shape and the JSON Schema say the same of each value.
#[track_caller]
fn agree<T: Schema + DeserializeOwned + Serialize + Debug>(values: &[(Value, bool)]) {
    let validator = validator(json_schema::<T>());
    let shape: &'static Shape = &const { T::SHAPE };
    for (value, readable) in values {
        let read = from_slice::<T>(value.to_string().as_bytes());
        assert_eq!(read.is_ok(), *readable, "read: {value}: {read:?}");
        assert_eq!(codec_tests::accepts(shape, value, &[]), *readable, "of its shape: {value}");
        assert_eq!(validator.is_valid(value), *readable, "valid: {value}");
    }
}
