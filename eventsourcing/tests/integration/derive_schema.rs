//! `derive(Schema)`: the shape is what serde writes and reads.

use std::{collections::BTreeMap, marker::PhantomData};

use eventsourcing::{
    Schema,
    schema::{Adapter, CutTarget, Field, Integer, Shape, Tagging, Variant},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const I64: Shape = Shape::Integer(Integer::I64);
/// What is behind a cut is no part of a shape.
const CUT: CutTarget = CutTarget::of::<i64>();

#[derive(Serialize, Deserialize, Schema)]
struct Named {
    r#type: String,
    number: Option<i64>,
    #[serde(default)]
    given: i64,
}

#[derive(Serialize, Deserialize, Schema)]
struct Newtype(i64);

#[derive(Serialize, Deserialize, Schema)]
struct Pair(i64, #[serde(skip)] PhantomData<bool>, String);

#[derive(Serialize, Deserialize, Schema)]
struct Unit;

#[test]
fn structs_of_all_four_kinds() {
    let fields =
        [field("type", Shape::String), optional(field("number", Shape::Option(&I64))), optional(field("given", I64))];
    assert_eq!(Named::SHAPE, object(fields));
    assert_eq!(Newtype::SHAPE, I64);
    assert_eq!(Pair::SHAPE, Shape::Tuple(&[I64, Shape::String]));
    assert_eq!(Unit::SHAPE, Shape::Null);
    written(&Named { r#type: "a".into(), number: None, given: 1 }, json!({"type": "a", "number": null, "given": 1}));
    written(&Newtype(3), json!(3));
    written(&Pair(3, PhantomData, "a".into()), json!([3, "a"]));
    written(&Unit, Value::Null);
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE", deny_unknown_fields, default)]
#[derive(Default)]
struct Renamed {
    two_words: i64,
    #[serde(rename = "own", alias = "older", alias = "oldest")]
    named: i64,
    #[serde(skip)]
    out: i64,
    #[serde(skip_serializing)]
    unwritten: i64,
}

#[test]
fn names_defaults_and_closed_structs() {
    let fields = [
        optional(field("TWO-WORDS", I64)),
        optional(field("own", I64).aliases(&["older", "oldest"])),
        optional(field("UNWRITTEN", I64)).read_only(),
    ];
    assert_eq!(Renamed::SHAPE, closed(object(fields)));
    written(&Renamed::default(), json!({"TWO-WORDS": 0, "own": 0}));
    assert!(serde_json::from_str::<Renamed>(r#"{"OUT": 1}"#).is_err());
}

/// Whether a field may be absent is what serde says of its type, not whether its shape is an option.
#[derive(Default, Serialize, Deserialize, Schema)]
struct Wrapped(Option<i64>);

#[derive(Serialize, Deserialize, Schema)]
#[serde(transparent)]
struct Transparent<T> {
    inner: Option<i64>,
    #[serde(skip)]
    marker: PhantomData<T>,
}

#[derive(Clone, Serialize, Deserialize, Schema)]
#[serde(from = "Option<i64>", into = "Option<i64>")]
struct Converted(i64);

impl From<Option<i64>> for Converted {
    fn from(number: Option<i64>) -> Self {
        Self(number.unwrap_or(-1))
    }
}

impl From<Converted> for Option<i64> {
    fn from(number: Converted) -> Self {
        Some(number.0)
    }
}

#[derive(Serialize, Deserialize, Schema)]
struct Absences {
    #[serde(default)]
    given: Wrapped,
    transparent: Transparent<Unit>,
    converted: Converted,
    boxed: Box<Option<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maybe: Option<i64>,
}

#[derive(Serialize, Deserialize, Schema)]
struct HoldsWrapped {
    wrapped: Wrapped,
}

#[derive(Serialize, Deserialize, Schema)]
struct HoldsUnit {
    unit: Unit,
}

#[test]
fn absence_is_what_serde_reads() {
    let Shape::Struct { fields, .. } = Absences::SHAPE else { panic!("a struct is an object") };
    assert!(fields.iter().all(|field| field.optional));
    assert!(serde_json::from_str::<Absences>("{}").is_ok());
    for (shape, read) in [
        (HoldsWrapped::SHAPE, serde_json::from_str::<HoldsWrapped>("{}").is_ok()),
        (HoldsUnit::SHAPE, serde_json::from_str::<HoldsUnit>("{}").is_ok()),
    ] {
        let Shape::Struct { fields, .. } = shape else { panic!("a struct is an object") };
        assert_eq!(fields[0].optional, read);
    }
}

macro_rules! tagged {
    ($name:ident, $($key:meta),*) => {
        #[derive(Serialize, Deserialize, Schema)]
        #[serde(rename_all = "snake_case", rename_all_fields = "camelCase" $(, $key)*)]
        enum $name {
            NoContent,
            #[serde(alias = "older")]
            Fields { two_words: i64, #[serde(default)] given: i64 },
            #[serde(rename = "new")]
            New(Content),
            #[serde(rename_all = "UPPERCASE")]
            Shouted { loud: i64 },
            #[serde(skip)]
            #[expect(dead_code, reason = "it is not on the wire")]
            Hidden(PhantomData<u8>),
        }
    };
}

#[derive(Serialize, Deserialize, Schema)]
struct Content {
    c: i64,
}

tagged!(External,);
tagged!(Internal, tag = "t");
tagged!(Adjacent, tag = "t", content = "c");
tagged!(Untagged, untagged);

#[test]
fn enums_in_all_four_taggings() {
    let variants = || {
        [
            variant("no_content", Shape::Null),
            variant("fields", object([field("twoWords", I64), optional(field("given", I64))])).aliases(&["older"]),
            variant("new", Content::SHAPE),
            variant("shouted", object([field("LOUD", I64)])),
        ]
    };
    for (shape, tagging) in [
        (External::SHAPE, Tagging::External),
        (Internal::SHAPE, Tagging::Internal { tag: "t" }),
        (Adjacent::SHAPE, Tagging::Adjacent { tag: "t", content: "c" }),
        (Untagged::SHAPE, Tagging::Untagged),
    ] {
        assert_eq!(shape, choice(tagging, variants()));
    }
    written(&External::NoContent, json!("no_content"));
    written(&External::Fields { two_words: 1, given: 2 }, json!({"fields": {"twoWords": 1, "given": 2}}));
    written(&Internal::New(Content { c: 1 }), json!({"t": "new", "c": 1}));
    written(&Adjacent::Shouted { loud: 1 }, json!({"t": "shouted", "c": {"LOUD": 1}}));
    written(&Untagged::NoContent, Value::Null);
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
enum Open {
    Known {
        number: i64,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Serialize, Deserialize, Schema)]
enum Tuples {
    Two(i64, String),
}

#[test]
fn other_variants_and_tuple_variants() {
    let variants = [variant("Known", object([field("number", I64)])), variant("Unknown", Shape::Null).other()];
    assert_eq!(Open::SHAPE, choice(Tagging::Internal { tag: "kind" }, variants));
    let variants = [variant("Two", tuple([I64, Shape::String]))];
    assert_eq!(Tuples::SHAPE, choice(Tagging::External, variants));
}

#[derive(Serialize, Deserialize, Schema)]
struct Flattened {
    own: i64,
    #[serde(flatten)]
    content: Content,
    #[serde(flatten)]
    rest: BTreeMap<String, i64>,
}

#[test]
fn flattened_fields() {
    let rest = Shape::Map { key: &Shape::String, value: &I64 };
    let fields = [field("own", I64), field("content", Content::SHAPE).flatten(), field("rest", rest).flatten()];
    assert_eq!(Flattened::SHAPE, object(fields));
    let all = Flattened { own: 1, content: Content { c: 2 }, rest: BTreeMap::from([("x".into(), 3)]) };
    written(&all, json!({"own": 1, "c": 2, "x": 3}));
}

/// A foreign type without a schema, and one that is written otherwise.
#[derive(Serialize, Deserialize)]
struct Foreign(String);

#[derive(Serialize, Deserialize, Schema)]
struct Stated {
    #[schema(as = "String")]
    foreign: Foreign,
    #[schema(as = Option<String>)]
    #[serde(with = "text")]
    number: i64,
}

mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[test]
fn a_stated_shape_wins_and_with_reads_no_absence() {
    let foreign = field("foreign", Shape::Stated(&Shape::String, Adapter::UNKNOWN));
    let fields = [foreign, field("number", Shape::Stated(&Shape::Option(&Shape::String), Adapter::UNKNOWN))];
    assert_eq!(Stated::SHAPE, object(fields));
    let stated = Stated { foreign: Foreign("f".into()), number: 1 };
    written(&stated, json!({"foreign": "f", "number": "1"}));
    assert!(serde_json::from_str::<Stated>(r#"{"foreign":"f"}"#).is_err());
}

#[derive(Serialize, Deserialize, Schema)]
struct Page<T, const N: usize = 3> {
    items: Vec<T>,
    named: BTreeMap<String, T>,
}

trait HasId {
    type Id;
}

#[derive(Serialize, Deserialize)]
struct Thing;

impl HasId for Thing {
    type Id = i64;
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(bound = "T::Id: Serialize + for<'a> Deserialize<'a>")]
struct ById<T: HasId> {
    id: T::Id,
}

#[test]
fn generics_need_a_schema_only_where_they_are_stored() {
    let fields = [field("items", Shape::List(&I64)), field("named", Shape::Map { key: &Shape::String, value: &I64 })];
    assert_eq!(Page::<i64>::SHAPE, object(fields));
    assert_eq!(ById::<Thing>::SHAPE, object([field("id", I64)]));
}

#[derive(Serialize, Deserialize, Schema)]
struct Tree<T> {
    value: T,
    left: Option<Box<Tree<T>>>,
    others: Vec<Self>,
}

#[derive(Serialize, Deserialize, Schema)]
enum List {
    End,
    Item(i64, Box<List>),
}

#[derive(Serialize, Deserialize, Schema)]
struct Folder {
    files: Vec<File>,
}

#[derive(Serialize, Deserialize, Schema)]
struct File {
    name: String,
    #[schema(recursive)]
    link: Option<Box<Folder>>,
    #[schema(recursive)]
    inside: BTreeMap<String, Folder>,
}

#[test]
fn recursive_types_end_where_they_come_again() {
    let fields = [
        field("value", I64),
        optional(field("left", Shape::Option(&Shape::Itself))),
        field("others", Shape::List(&Shape::Itself)),
    ];
    let inner = object(fields);
    let Shape::Recursive(found) = Tree::<i64>::SHAPE else { panic!("the shape is recursive") };
    assert_eq!(*found, inner);
    let variants = [variant("End", Shape::Null), variant("Item", tuple([I64, Shape::Itself]))];
    let inner = choice(Tagging::External, variants);
    let Shape::Recursive(found) = List::SHAPE else { panic!("the shape is recursive") };
    assert_eq!(*found, inner);

    let file = [
        field("name", Shape::String),
        optional(field("link", Shape::Option(&Shape::Cut(CUT)))),
        field("inside", Shape::Map { key: &Shape::String, value: &Shape::Cut(CUT) }),
    ];
    assert_eq!(File::SHAPE, object(file));
    let Shape::Struct { fields, .. } = Folder::SHAPE else { panic!("a struct is an object") };
    assert_eq!(fields[0].shape, Shape::List(&File::SHAPE));
}

/// serde writes the value like this, and reads it again.
#[track_caller]
fn written<T: Serialize + for<'a> Deserialize<'a>>(value: &T, json: Value) {
    let text = serde_json::to_value(value).unwrap();
    assert_eq!(text, json);
    let read: T = serde_json::from_value(json).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), text);
}

fn object<const N: usize>(fields: [Field; N]) -> Shape {
    Shape::Struct { fields: Box::leak(Box::new(fields)), closed: false }
}

fn closed(object: Shape) -> Shape {
    let Shape::Struct { fields, .. } = object else { panic!("only an object is closed") };
    Shape::Struct { fields, closed: true }
}

fn tuple<const N: usize>(shapes: [Shape; N]) -> Shape {
    Shape::Tuple(Box::leak(Box::new(shapes)))
}

fn choice<const N: usize>(tagging: Tagging, variants: [Variant; N]) -> Shape {
    Shape::Enum { tagging, variants: Box::leak(Box::new(variants)) }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field::new(name, shape)
}

const fn optional(field: Field) -> Field {
    field.optional(true)
}

const fn variant(name: &'static str, shape: Shape) -> Variant {
    Variant::new(name, shape)
}
