//! Types and fields whose form is what their author says, or what serde's less common keys make of it.

use std::collections::BTreeMap;

use eventsourcing::{
    Schema,
    schema::{Adapter, Integer, Shape, Tagging},
};
use serde::{Deserialize, Serialize};

use crate::{foreign::real, harness::Of};

/// Functions of the user's are stated once, whichever of them there are.
#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Functions {
    #[serde(deserialize_with = "lenient")]
    #[schema(as = "u8")]
    read: u8,
    #[serde(serialize_with = "as_number", deserialize_with = "lenient")]
    #[schema(as = "u8")]
    both: u8,
    #[serde(serialize_with = "as_number", default)]
    #[schema(as = "u8")]
    written: u8,
}

fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    u8::deserialize(deserializer)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn as_number<S: serde::Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(*value)
}

#[test]
fn functions_with_a_stated_form() {
    real([Functions { read: 1, both: 2, written: 3 }]);
}

mod foreign {
    #[derive(Debug, PartialEq)]
    pub(super) struct Point {
        pub(super) x: i8,
        y: i8,
    }

    impl Point {
        pub(super) fn new(x: i8, y: i8) -> Self {
            Self { x, y }
        }

        pub(super) fn y(&self) -> i8 {
            self.y
        }
    }
}

/// serde's way to give a type of another crate a form; the schema is of that form.
#[derive(Serialize, Deserialize, Schema)]
#[serde(remote = "foreign::Point")]
struct PointDef {
    x: i8,
    #[serde(getter = "foreign::Point::y")]
    y: i8,
}

impl From<PointDef> for foreign::Point {
    fn from(PointDef { x, y }: PointDef) -> Self {
        Self::new(x, y)
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Drawn {
    #[serde(with = "PointDef")]
    #[schema(as = "PointDef")]
    at: foreign::Point,
}

#[test]
fn a_remote_type_through_its_definition() {
    let drawn = Drawn { at: foreign::Point::new(1, -1) };
    assert_eq!((drawn.at.x, drawn.at.y()), (1, -1));
    real([drawn]);
}

/// A type of history alone, which nothing writes.
#[derive(Debug, PartialEq, Deserialize, Schema)]
#[serde(try_from = "String")]
struct OldAmount(i64);

impl TryFrom<String> for OldAmount {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[test]
fn what_is_never_written_needs_no_into() {
    assert_eq!(Of::<OldAmount>::SHAPE, &Shape::String);
    let read: OldAmount = serde_json::from_str("\"-7\"").expect("it is read");
    assert_eq!(read, OldAmount(-7));
}

/// Chat protocols: kinds that are known, and whatever else there is.
#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Content {
    Text {
        body: String,
    },
    Left,
    #[serde(untagged)]
    Unknown(BTreeMap<String, String>),
}

#[test]
fn a_variant_for_anything_else() {
    let unknown = BTreeMap::from([("type".to_owned(), "poll".to_owned())]);
    real([Content::Text { body: "hi".into() }, Content::Left, Content::Unknown(unknown)]);
    let Shape::Enum { tagging: Tagging::Untagged, variants: [tagged, rest] } = Of::<Content>::SHAPE else {
        panic!("{:?}", Of::<Content>::SHAPE)
    };
    assert!(matches!(tagged.shape, Shape::Enum { tagging: Tagging::Internal { tag: "type" }, variants: [_, _] }));
    assert!(matches!(rest.shape, Shape::Map { .. }));
    assert_eq!(Of::<Content>::SHAPE.fingerprint(), Content::FINGERPRINT);
}

/// `serde_repr` writes the number of a variant. A derive does not see another one, so the enum says it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde_repr::Serialize_repr, serde_repr::Deserialize_repr, Schema,
)]
#[schema(as = "u8")]
#[repr(u8)]
enum Stars {
    One = 1,
    Five = 5,
}

bitflags::bitflags! {
    /// `bitflags` writes the names of the flags.
    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
    #[schema(as = "String")]
    struct Rights: u8 {
        const READ = 1;
        const WRITE = 2;
    }
}

/// A list with a first element.
#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Route {
    #[schema(as = "Vec<String>")]
    stops: nonempty::NonEmpty<String>,
}

#[test]
fn types_that_say_what_they_look_like() {
    real([Stars::One, Stars::Five]);
    real([Rights::empty(), Rights::READ, Rights::all()]);
    real([Route { stops: nonempty::nonempty!["a".to_owned(), "b".to_owned()] }]);
    assert_eq!(Of::<Stars>::SHAPE, &Shape::Stated(&Shape::Integer(Integer::U8), Adapter::UNKNOWN));
    assert_eq!(Of::<Rights>::SHAPE, &Shape::Stated(&Shape::String, Adapter::UNKNOWN));
}
