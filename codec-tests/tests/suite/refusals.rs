//! Values that JSON or Postgres would not keep are not written, and the error says where they are.

use std::{
    collections::{BTreeMap, HashMap},
    error::Error as _,
    fmt,
};

use eventsourcing::codec::{
    EncodeError,
    json::{self, MAX_DEPTH},
};
use proptest::prelude::*;
use serde::{
    Serialize,
    ser::{Error, SerializeMap, Serializer},
};
use serde_json::Value;
#[cfg(feature = "raw_value")]
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Order<T> {
    lines: Vec<Line<T>>,
}

#[derive(Serialize)]
enum Line<T> {
    Newtype(T),
    Fields { price: T },
    Tuple(u8, T),
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Internal<T> {
    Fields { price: T },
    Newtype(Flat<T>),
}

#[derive(Serialize)]
struct Flat<T> {
    own: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, T>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Untagged<T> {
    Some(Option<T>),
}

#[derive(Serialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent<T> {
    Tuple(T, u8),
}

/// The value in many places, and the path to each.
fn everywhere<T: Serialize + Clone + 'static>(value: &T) -> Vec<(&'static str, Result<Vec<u8>, EncodeError>)> {
    let entries = |value: &T| BTreeMap::from([("key".to_owned(), value.clone())]);
    let v = || value.clone();
    vec![
        (".", json::to_vec(value)),
        (".", json::to_vec(&Some(Box::new(v())))),
        ("[1].key", json::to_vec(&(1, entries(value)))),
        (".lines[0].Newtype", json::to_vec(&Order { lines: vec![Line::Newtype(v())] })),
        (".lines[0].Fields.price", json::to_vec(&Order { lines: vec![Line::Fields { price: v() }] })),
        (".lines[0].Tuple[1]", json::to_vec(&Order { lines: vec![Line::Tuple(1, v())] })),
        (".price", json::to_vec(&Internal::Fields { price: v() })),
        (".key", json::to_vec(&Internal::Newtype(Flat { own: 1, rest: entries(value) }))),
        ("[0].key", json::to_vec(&[Flat { own: 1, rest: entries(value) }])),
        (".7[0]", json::to_vec(&HashMap::from([(7_u8, [Untagged::Some(Some(v()))])]))),
        (".c[0]", json::to_vec(&Adjacent::Tuple(v(), 1))),
        (r#"["a.b"]"#, json::to_vec(&KeyThenValue("a.b", v()))),
    ]
}

/// Writes the key and the value apart.
struct KeyThenValue<T>(&'static str, T);

impl<T: Serialize> Serialize for KeyThenValue<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_map(Some(1))?;
        entries.serialize_key(self.0)?;
        entries.serialize_value(&self.1)?;
        entries.end()
    }
}

#[test]
fn floats_that_are_not_finite() {
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (expected, written) in everywhere(&float) {
            match written {
                Err(EncodeError::NonFiniteFloat { path, value }) => {
                    assert_eq!((path.as_str(), value.to_bits()), (expected, float.to_bits()));
                }
                other => panic!("{expected}: {other:?}"),
            }
        }
    }
    for (expected, written) in everywhere(&f32::NEG_INFINITY) {
        assert!(matches!(&written, Err(EncodeError::NonFiniteFloat { path, .. }) if path == expected), "{written:?}");
    }
}

fn nul_at(expected: &str, written: &Result<Vec<u8>, EncodeError>) {
    assert!(matches!(written, Err(EncodeError::Nul { path }) if path == expected), "{expected}: {written:?}");
}

#[test]
fn nul_in_text() {
    for (expected, written) in everywhere(&"a\0b") {
        nul_at(expected, &written);
    }
    for (expected, written) in everywhere(&'\0') {
        nul_at(expected, &written);
    }
    for (expected, written) in everywhere(&Value::from("\0")) {
        nul_at(expected, &written);
    }
}

#[test]
fn nul_in_displayed_text() {
    #[derive(Clone)]
    struct Displayed(&'static str);

    impl fmt::Display for Displayed {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "<{}>", self.0)
        }
    }

    impl Serialize for Displayed {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_str(self)
        }
    }

    for (expected, written) in everywhere(&Displayed("\0")) {
        nul_at(expected, &written);
    }
    assert_eq!(json::to_vec(&Displayed("a")).expect("text"), b"\"<a>\"");
}

#[test]
fn nul_in_keys() {
    nul_at(r#"["a\0"]"#, &json::to_vec(&BTreeMap::from([("a\0", 1)])));
    nul_at(r#"[0]["\0"]"#, &json::to_vec(&[HashMap::from([('\0', 1)])]));
    nul_at(r#".key["\0"]"#, &json::to_vec(&serde_json::json!({ "key": { "\0": 1 } })));
    nul_at(r#"["\0"]"#, &json::to_vec(&KeyThenValue("\0", 1)));
}

/// Depending on the features of `serde_json` that some crate of the build turns on, an object with one of its own keys is
/// read as what stands behind the key.
#[test]
fn private_keys_of_serde_json() {
    for key in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
        for value in [serde_json::json!({ key: "1" }), serde_json::json!({ " ": 0, key: [] })] {
            for (expected, written) in everywhere(&value) {
                match written {
                    Err(EncodeError::PrivateKey { path }) => {
                        assert!(path.contains(key), "{path}");
                        assert!(expected == "." || path.starts_with(expected), "{expected}: {path}");
                    }
                    other => panic!("{expected}: {other:?}"),
                }
            }
        }
        assert!(matches!(json::to_vec(&HashMap::from([(key, 1)])), Err(EncodeError::PrivateKey { .. })));
        assert!(matches!(json::to_vec(&KeyThenValue(key, 1)), Err(EncodeError::PrivateKey { .. })));
        assert!(json::to_vec(key).is_ok(), "text is no key");
    }
    let number: serde_json::Number = serde_json::from_str("0.5").expect("a number");
    assert_eq!(json::to_vec(&number).expect("a number has such a key of its own"), b"0.5");
}

#[cfg(feature = "raw_value")]
#[test]
fn nul_in_raw_text() {
    let raw = |text: &str| RawValue::from_string(text.to_owned()).expect("JSON");
    for (expected, written) in everywhere(&raw(r#"{"a": ["\u0000"]}"#)) {
        nul_at(expected, &written);
    }
    nul_at(".", &json::to_vec(&raw(r#"{"\\\u0000": 1}"#)));
    for text in [r#""\\u0000""#, r#""\"\\u0000""#, r#"{"a":  1.50}"#, r#""\u0001""#] {
        assert_eq!(json::to_vec(&raw(text)).expect("JSON"), text.as_bytes());
    }
}

/// A message is for people, however deep the payload and however long its keys.
#[test]
fn a_path_is_never_longer_than_a_few_lines() {
    let named = |depth: usize| (0..depth).fold(serde_json::json!("\0"), |inner, _| serde_json::json!({ "a": inner }));
    nul_at(&".a".repeat(16), &json::to_vec(&named(16)));
    nul_at(&format!("{} .. 1 more .. {}", ".a".repeat(8), ".a".repeat(8)), &json::to_vec(&named(17)));
    let long = "ä".repeat(5_000);
    nul_at(&format!(".{}", &long[..128]), &json::to_vec(&serde_json::json!({ &long[..128]: "\0" })));
    nul_at(&format!("[\"{}..\"]", &long[..128]), &json::to_vec(&serde_json::json!({ &long: "\0" })));

    let quoted = "\"".repeat(5_000);
    let mut deep = serde_json::json!(1);
    for _ in 0..MAX_DEPTH - 1 {
        deep = serde_json::json!({ &quoted: deep });
    }
    let text = serde_json::to_vec(&deep).expect("JSON");
    let error = json::from_slice::<Deep>(&text).expect_err("the innermost is a number").to_string();
    assert!(error.len() < 5_000, "{} bytes", error.len());
}

/// Maps in maps, and nothing else.
#[derive(Debug)]
struct Deep;

impl<'de> serde::Deserialize<'de> for Deep {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Deep;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("maps")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Deep, A::Error> {
                while map.next_entry::<String, Deep>()?.is_some() {}
                Ok(Deep)
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[test]
fn depth_that_could_not_be_read() {
    let deep = |depth: usize| (1..depth).fold(serde_json::json!([]), |inner, _| serde_json::json!([inner]));
    let written = json::to_vec(&deep(MAX_DEPTH)).expect("it is not too deep");
    assert!(json::from_slice::<Value>(&written).is_ok());
    let written = json::to_vec(&deep(MAX_DEPTH + 1));
    let end = "[0]".repeat(8);
    let expected = format!("{end} .. {} more .. {end}", MAX_DEPTH - 16);
    assert!(matches!(&written, Err(EncodeError::TooDeep { path }) if *path == expected), "{written:?}");

    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    enum List {
        End,
        Newtype(Box<List>),
        Fields { rest: Box<List> },
        Tuple(Box<List>, u8),
    }

    // Whatever is written of a list of any length and kind is read.
    for wrap in [
        |rest| List::Newtype(Box::new(rest)),
        |rest| List::Fields { rest: Box::new(rest) },
        |rest| List::Tuple(Box::new(rest), 1),
    ] {
        let mut list = List::End;
        let mut refused = false;
        for _ in 0..=MAX_DEPTH {
            list = wrap(list);
            match json::to_vec(&list) {
                Ok(written) => {
                    assert!(!refused);
                    assert_eq!(json::from_slice::<List>(&written).expect("what is written is read"), list);
                }
                Err(EncodeError::TooDeep { .. }) => {
                    refused = true;
                    let text = serde_json::to_vec(&list).expect("JSON");
                    assert!(json::from_slice::<List>(&text).is_err(), "it could have been read");
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert!(refused);
    }
}

fn twice_at(expected: &str, written: &Result<Vec<u8>, EncodeError>) {
    assert!(matches!(written, Err(EncodeError::DuplicateKey { path }) if path == expected), "{expected}: {written:?}");
}

#[test]
fn keys_that_are_written_twice() {
    let rest = |key: &str| BTreeMap::from([(key.to_owned(), 2)]);
    twice_at("[0].own", &json::to_vec(&[Flat { own: 1, rest: rest("own") }]));
    twice_at(".type", &json::to_vec(&Internal::Newtype(Flat { own: 1, rest: rest("type") })));
    assert!(json::to_vec(&Flat { own: 1, rest: rest("other") }).is_ok());

    #[derive(Serialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Map(BTreeMap<String, u8>),
        Struct(Typed),
    }

    #[derive(Serialize)]
    struct Typed {
        r#type: u8,
    }

    twice_at(".type", &json::to_vec(&Tagged::Map(rest("type"))));
    twice_at(".type", &json::to_vec(&Tagged::Struct(Typed { r#type: 1 })));
    assert!(json::to_vec(&Tagged::Map(rest("other"))).is_ok());
}

#[test]
fn what_serialize_itself_refuses() {
    struct Never;

    impl Serialize for Never {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("never"))
        }
    }

    let error = json::to_vec(&(1, BTreeMap::from([("a", Never)]))).expect_err("never");
    assert_eq!(error.to_string(), "[1].a: it cannot be written as JSON");
    assert_eq!(error.source().expect("what serde said").to_string(), "never");
    let error = json::to_vec(&(1, BTreeMap::from([(vec![1], 1)]))).expect_err("no key");
    assert!(matches!(&error, EncodeError::Serialize { path, .. } if path == "[1].?"), "{error:?}");
}

proptest! {
    /// What is not refused is what `serde_json` writes.
    #[test]
    fn everything_else_is_written_as_it_is(value in crate::types::value(), content in crate::types::external()) {
        prop_assert_eq!(json::to_vec(&value).expect("it is written"), serde_json::to_vec(&value).expect("JSON"));
        prop_assert_eq!(json::to_vec(&content).expect("it is written"), serde_json::to_vec(&content).expect("JSON"));
    }
}
