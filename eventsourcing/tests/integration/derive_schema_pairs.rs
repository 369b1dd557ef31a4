//! Pairs of types: what is the same on the wire has one fingerprint, whatever else differs; what is not, has two.
//!
//! Each pair carries JSON values that prove its place in the table: serde makes the same of each of them for both types,
//! or something else of at least one.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr},
    num::NonZero,
    rc::Rc,
};

use eventsourcing::{Schema, schema::Shape};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// What a type says of its schema, and what serde makes of a value: it reads it and writes it again.
struct Facts {
    shape: Shape,
    fingerprint: u64,
    rewrite: fn(&Value) -> Option<Value>,
}

impl Facts {
    fn of<T: Schema + Serialize + DeserializeOwned>() -> Self {
        Self { shape: T::SHAPE, fingerprint: T::FINGERPRINT, rewrite: rewrite::<T> }
    }

    /// Checks that the fingerprint made of those of the parts is the one of the whole.
    #[track_caller]
    fn sound(&self, name: &str) {
        assert_eq!(self.fingerprint, self.shape.fingerprint(), "{name}: {:?}", self.shape);
    }
}

fn rewrite<T: Serialize + DeserializeOwned>(value: &Value) -> Option<Value> {
    let read: T = serde_json::from_str(&value.to_string()).ok()?;
    serde_json::to_value(read).ok()
}

fn the_same(name: &str, left: &Facts, right: &Facts, values: &[Value]) {
    left.sound(name);
    right.sound(name);
    assert!(values.iter().any(|value| (left.rewrite)(value).is_some()), "{name}: no value is read");
    for value in values {
        assert_eq!((left.rewrite)(value), (right.rewrite)(value), "{name}: {value}");
    }
    assert_eq!(left.fingerprint, right.fingerprint, "{name}: {:?} {:?}", left.shape, right.shape);
}

fn different(name: &str, left: &Facts, right: &Facts, values: &[Value]) {
    left.sound(name);
    right.sound(name);
    let differs = |value| (left.rewrite)(value) != (right.rewrite)(value);
    assert!(values.iter().any(differs), "{name}: no value tells the two apart");
    assert_ne!(left.fingerprint, right.fingerprint, "{name}: {:?}", left.shape);
    assert_ne!(left.shape, right.shape, "{name}");
}

/// Writes the two types of each pair into modules of their own, and a test over all pairs. The type to look at is the
/// first one of its side.
macro_rules! pairs {
    ($check:ident: $($name:ident { $($left:tt)* } { $($right:tt)* } $values:tt)*) => {
        $(
            mod $name {
                pub(super) mod left {
                    use super::super::*;

                    #[derive(Serialize, Deserialize, Schema)]
                    $($left)*

                    pub(in super::super) fn facts() -> Facts {
                        Facts::of::<Subject>()
                    }
                }

                pub(super) mod right {
                    use super::super::*;

                    #[derive(Serialize, Deserialize, Schema)]
                    $($right)*

                    pub(in super::super) fn facts() -> Facts {
                        Facts::of::<Subject>()
                    }
                }
            }
        )*

        #[test]
        fn $check() {
            let values = |values: Value| values.as_array().cloned().unwrap_or_default();
            $(
                self::checks::$check(stringify!($name), &$name::left::facts(), &$name::right::facts(), &values(json!($values)));
            )*
        }
    };
}

mod checks {
    pub(super) use super::{
        different as what_serde_tells_apart_has_two_fingerprints, the_same as one_wire_has_one_fingerprint,
    };
}

#[derive(Clone, Serialize, Deserialize, Schema)]
struct Part {
    n: i64,
}

#[derive(Serialize, Deserialize, Schema)]
struct Of<T> {
    n: T,
}

#[derive(Serialize, Deserialize, Schema)]
struct Newtype<T>(T);

#[derive(Serialize, Deserialize, Schema)]
#[serde(transparent)]
struct Transparent<T> {
    inner: T,
    #[serde(skip)]
    marker: PhantomData<u8>,
}

impl From<i64> for Part {
    fn from(n: i64) -> Self {
        Self { n }
    }
}

impl From<Part> for i64 {
    fn from(part: Part) -> Self {
        part.n
    }
}

mod moved {
    use super::{Deserialize, Schema, Serialize};

    #[derive(Serialize, Deserialize, Schema)]
    pub(super) struct OtherName {
        n: i64,
    }
}

type Alias = Vec<Part>;

pairs! { one_wire_has_one_fingerprint:
    documented
    { struct Subject { n: i64 } }
    { /** Says much. */ struct Subject { /** And more. */ #[doc = "And more."] n: i64, } }
    [{"n": 1}, {}]

    of_another_name { struct Subject { part: Part } } { struct Subject { part: moved::OtherName } } [{"part": {"n": 1}}]

    in_another_order { struct Subject { n: i64, text: String } } { struct Subject { text: String, n: i64 } } [{"n": 1, "text": "a"}]

    raw_identifier { struct Subject { r#type: i64 } } { struct Subject { #[serde(rename = "type")] kind: i64 } } [{"type": 1}]

    renamed_by_rule
    { #[serde(rename_all = "camelCase")] struct Subject { two_words: i64 } }
    { struct Subject { #[serde(rename = "twoWords")] other: i64 } }
    [{"twoWords": 1}]

    generic { struct Subject { part: Of<i64> } } { struct Subject { part: Part } } [{"part": {"n": 1}}, {"part": {"n": "a"}}]

    generic_itself { struct Subject<T = i64> { n: Vec<T> } } { struct Subject { n: Vec<i64> } } [{"n": [1]}]

    aliased_type { struct Subject { parts: Alias } } { struct Subject { parts: Vec<Part> } } [{"parts": [{"n": 1}]}]

    newtype { struct Subject { n: Newtype<i64> } } { struct Subject { n: i64 } } [{"n": 1}, {}]

    newtype_of_struct { struct Subject(Part); } { struct Subject { n: i64 } } [{"n": 1}, {}]

    transparent { struct Subject { n: Transparent<Option<i64>> } } { struct Subject { n: Option<i64> } } [{"n": 1}, {}]

    transparent_or_newtype { #[serde(transparent)] struct Subject { inner: Part } } { struct Subject(Part); } [{"n": 1}]

    boxed { struct Subject { n: Box<i64>, text: Box<str> } } { struct Subject { n: i64, text: String } } [{"n": 1, "text": "a"}]

    queue { struct Subject(VecDeque<i64>); } { struct Subject(Vec<i64>); } [[1, 1]]

    kinds_of_sets { struct Subject(HashSet<i64>); } { struct Subject(BTreeSet<i64>); } [[1], [1, 1]]

    kinds_of_maps { struct Subject(HashMap<String, i64>); } { struct Subject(BTreeMap<String, i64>); } [{"a": 1}]

    unwritten { struct Subject { n: i64, #[serde(skip)] _more: u8 } } { struct Subject { n: i64 } } [{"n": 1}, {"n": 1, "_more": 2}]

    phantom { struct Subject(i64, #[serde(skip)] PhantomData<u8>, bool); } { struct Subject(i64, bool); } [[1, true]]

    default_of_an_option
    { struct Subject { #[serde(default)] n: Option<i64> } } { struct Subject { n: Option<i64> } } [{}, {"n": 1}, {"n": null}]

    default_of_all
    { #[derive(Default)] #[serde(default)] struct Subject { n: i64, text: String } }
    { struct Subject { #[serde(default)] n: i64, #[serde(default)] text: String } }
    [{}, {"n": 1}, {"n": null}]

    aliases_in_another_order
    { struct Subject { #[serde(alias = "a", alias = "b")] n: i64 } }
    { struct Subject { #[serde(alias = "b", alias = "a")] n: i64 } }
    [{"a": 1}, {"b": 1}, {"n": 1}]

    alias_of_the_name_itself
    { struct Subject { #[serde(alias = "n", alias = "a", alias = "a")] n: i64 } }
    { struct Subject { #[serde(alias = "a")] n: i64 } }
    [{"a": 1}, {"n": 1}]

    alias_of_the_variant_itself { enum Subject { #[serde(alias = "A")] A } } { enum Subject { A } } ["A", "B"]

    flattened_under_another_name
    { struct Subject { #[serde(flatten)] one: Part } } { struct Subject { #[serde(flatten)] other: Part } } [{"n": 1}, {}]

    flattened_has_no_default
    { #[derive(Default)] struct Subject { #[serde(flatten, default)] rest: BTreeMap<String, i64> } }
    { struct Subject { #[serde(flatten)] rest: BTreeMap<String, i64> } }
    [{"n": 1}, {}]

    converted
    { #[derive(Clone)] #[serde(from = "i64", into = "i64")] struct Subject(Part);
      impl From<i64> for Subject { fn from(n: i64) -> Self { Self(n.into()) } }
      impl From<Subject> for i64 { fn from(subject: Subject) -> Self { subject.0.into() } } }
    { struct Subject(i64); }
    [1, {"n": 1}]

    stated { struct Subject { #[schema(as = i64)] n: i64 } } { struct Subject { n: i64 } } [{"n": 1}]

    variants_in_another_order { enum Subject { A, B(i64) } } { enum Subject { B(i64), A } } ["A", {"B": 1}]

    content_of_fields { enum Subject { A { n: i64 } } } { enum Subject { A(Part) } } [{"A": {"n": 1}}]

    names_of_what_has_no_tag
    { #[serde(untagged)] enum Subject { A(i64), B(String) } } { #[serde(untagged)] enum Subject { C(i64), D(String) } } [1, "a"]

    renamed_variants_by_rule
    { #[serde(rename_all = "snake_case", rename_all_fields = "UPPERCASE")] enum Subject { OneTwo { n: i64 } } }
    { enum Subject { #[serde(rename = "one_two", rename_all = "UPPERCASE")] Other { n: i64 } } }
    [{"one_two": {"N": 1}}]

    hidden_variant { enum Subject { A, #[serde(skip)] #[expect(dead_code, reason = "it is hidden")] B } } { enum Subject { A } } ["A", "B"]

    nothing { struct Subject; } { struct Subject(()); } [null]

    messages_and_bounds
    { #[serde(expecting = "a number", bound = "", rename = "other")] struct Subject { n: i64 } }
    { struct Subject { n: i64 } }
    [{"n": 1}, 1]

    contains_itself_in_another_order
    { struct Subject { n: i64, next: Option<Box<Subject>> } } { struct Subject { next: Option<Box<Self>>, n: i64 } }
    [{"n": 1, "next": {"n": 2}}]

    shared { struct Subject { n: Box<[i64]> } } { struct Subject { n: std::cell::RefCell<Vec<i64>> } } [{"n": [1]}]
}

pairs! { what_serde_tells_apart_has_two_fingerprints:
    field_renamed { struct Subject { n: i64 } } { struct Subject { m: i64 } } [{"n": 1}]
    field_renamed_by_serde { struct Subject { n: i64 } } { struct Subject { #[serde(rename = "m")] n: i64 } } [{"n": 1}]
    all_renamed { struct Subject { a_b: i64 } } { #[serde(rename_all = "camelCase")] struct Subject { a_b: i64 } } [{"aB": 1}]
    field_added { struct Subject { n: i64 } } { struct Subject { n: i64, m: i64 } } [{"n": 1}]
    field_hidden { struct Subject { n: i64, m: i64 } } { struct Subject { n: i64, #[serde(skip)] _m: i64 } } [{"n": 1, "m": 2}]
    narrower { struct Subject { n: i64 } } { struct Subject { n: i32 } } [{"n": 4_294_967_296_i64}]
    unsigned { struct Subject { n: i8 } } { struct Subject { n: u8 } } [{"n": 200}]
    not_zero { struct Subject { n: u8 } } { struct Subject { n: NonZero<u8> } } [{"n": 0}]
    fraction { struct Subject { n: i64 } } { struct Subject { n: f64 } } [{"n": 1}]
    less_exact { struct Subject { n: f32 } } { struct Subject { n: f64 } } [{"n": 0.123_456_789}]
    one_character { struct Subject { n: char } } { struct Subject { n: String } } [{"n": "ab"}]
    text_in_a_format { struct Subject { n: IpAddr } } { struct Subject { n: String } } [{"n": "a"}]
    text_in_another_format { struct Subject { n: IpAddr } } { struct Subject { n: Ipv4Addr } } [{"n": "::1"}]
    perhaps_null { struct Subject { n: i64 } } { struct Subject { n: Option<i64> } } [{"n": null}]
    perhaps_absent { struct Subject { n: i64 } } { struct Subject { #[serde(default)] n: i64 } } [{}]
    wrapped_null_is_there { struct Subject { n: Newtype<Option<i64>> } } { struct Subject { n: Option<i64> } } [{}]
    alias_added { struct Subject { n: i64 } } { struct Subject { #[serde(alias = "m")] n: i64 } } [{"m": 1}]
    closed { struct Subject { n: i64 } } { #[serde(deny_unknown_fields)] struct Subject { n: i64 } } [{"n": 1, "m": 2}]
    fields_or_places { struct Subject { n: i64, m: i64 } } { struct Subject(i64, i64); } [{"n": 1, "m": 2}]
    a_named_field_or_none { struct Subject { inner: i64 } } { struct Subject(i64); } [1]
    one_place_or_none { struct Subject(i64, #[serde(skip)] PhantomData<u8>); } { struct Subject(i64); } [1]
    places_in_another_order { struct Subject(i64, bool); } { struct Subject(bool, i64); } [[1, true]]
    more_places { struct Subject(i64, i64); } { struct Subject(i64, i64, i64); } [[1, 2]]
    list_or_array { struct Subject(Vec<i64>); } { struct Subject([i64; 2]); } [[1]]
    longer_array { struct Subject([i64; 2]); } { struct Subject([i64; 3]); } [[1, 2]]
    list_or_set { struct Subject(Vec<i64>); } { struct Subject(BTreeSet<i64>); } [[1, 1]]
    list_or_map { struct Subject(Vec<i64>); } { struct Subject(BTreeMap<String, i64>); } [[1]]
    other_keys { struct Subject(BTreeMap<String, i64>); } { struct Subject(BTreeMap<u8, i64>); } [{"a": 1}]
    other_values { struct Subject(BTreeMap<String, i64>); } { struct Subject(BTreeMap<String, u8>); } [{"a": -1}]
    anything { struct Subject(Value); } { struct Subject(String); } [1]
    deeper { struct Subject { a: Of<Of<i64>> } } { struct Subject { a: Of<Of<u8>> } } [{"a": {"n": {"n": -1}}}]
    another_argument { struct Subject { a: Vec<Option<Of<String>>> } } { struct Subject { a: Vec<Option<Of<bool>>> } } [{"a": [{"n": true}]}]
    flattened { struct Subject { part: Part } } { struct Subject { #[serde(flatten)] part: Part } } [{"n": 1}]
    flattened_map_of_others
    { struct Subject { #[serde(flatten)] rest: BTreeMap<String, i64> } } { struct Subject { #[serde(flatten)] rest: BTreeMap<String, u8> } }
    [{"a": -1}]
    variant_renamed { enum Subject { A } } { enum Subject { B } } ["A"]
    variant_added { enum Subject { A } } { enum Subject { A, B } } ["B"]
    variant_with_alias { enum Subject { A } } { enum Subject { #[serde(alias = "B")] A } } ["B"]
    variant_for_others
    { #[serde(tag = "t")] enum Subject { A } } { #[serde(tag = "t")] enum Subject { #[serde(other)] A } } [{"t": "B"}]
    no_content_or_null { enum Subject { A } } { enum Subject { A(()) } } ["A"]
    no_content_or_an_option { enum Subject { A } } { enum Subject { A(Option<i64>) } } ["A"]
    no_content_or_no_fields { enum Subject { A } } { enum Subject { A {} } } ["A"]
    no_content_or_null_beside_a_tag
    { #[serde(tag = "t", content = "c")] enum Subject { A } } { #[serde(tag = "t", content = "c")] enum Subject { A(()) } }
    [{"t": "A"}]
    other_content { enum Subject { A(i64) } } { enum Subject { A(String) } } [{"A": 1}]
    tag_inside { enum Subject { A { n: i64 } } } { #[serde(tag = "t")] enum Subject { A { n: i64 } } } [{"t": "A", "n": 1}]
    tag_beside { enum Subject { A { n: i64 } } } { #[serde(tag = "t", content = "c")] enum Subject { A { n: i64 } } } [{"A": {"n": 1}}]
    no_tag { enum Subject { A { n: i64 } } } { #[serde(untagged)] enum Subject { A { n: i64 } } } [{"n": 1}]
    tag_renamed { #[serde(tag = "t")] enum Subject { A } } { #[serde(tag = "u")] enum Subject { A } } [{"t": "A"}]
    content_renamed
    { #[serde(tag = "t", content = "c")] enum Subject { A(i64) } } { #[serde(tag = "t", content = "d")] enum Subject { A(i64) } }
    [{"t": "A", "c": 1}]
    order_without_a_tag
    { #[serde(untagged)] enum Subject { A { n: i8 }, B { n: i64, m: i64 } } }
    { #[serde(untagged)] enum Subject { B { n: i64, m: i64 }, A { n: i8 } } }
    [{"n": 1, "m": 2}]
    contains_itself
    { struct Subject { next: Option<Box<Subject>> } } { struct Subject { next: Option<Box<Of<Option<i64>>>> } } [{"next": {"next": null}}]
    contains_itself_otherwise
    { struct Subject { next: Option<Box<Subject>> } } { struct Subject { next: Vec<Subject> } } [{"next": null}]
    stated_otherwise { struct Subject { #[schema(as = i64)] n: i64 } } { struct Subject { n: u8 } } [{"n": -1}]
}

/// Reference counting changes nothing; serde itself writes an `Rc` with a feature only.
#[test]
fn what_cannot_be_written_here_has_the_fingerprint_of_what_it_holds() {
    assert_eq!(Rc::<Part>::FINGERPRINT, Part::FINGERPRINT);
    assert_eq!(std::sync::Arc::<[Part]>::FINGERPRINT, Vec::<Part>::FINGERPRINT);
}
