//! Bytes that are no payload: errors that say where, and no panics.

use std::collections::BTreeMap;

use eventsourcing::{
    Schema,
    codec::json::{self, MAX_DEPTH},
};
use proptest::prelude::*;
use serde::Deserialize;
#[cfg(feature = "raw_value")]
use serde_json::value::RawValue;
use serde_json::{Number, Value};

use crate::types::{Content, External, Internal, Untagged};

#[derive(Debug, PartialEq, Deserialize, Schema)]
struct Order {
    lines: Vec<Line>,
    notes: BTreeMap<String, u8>,
    state: State,
}

#[derive(Debug, PartialEq, Deserialize, Schema)]
struct Line {
    price: f64,
}

#[derive(Debug, PartialEq, Deserialize, Schema)]
enum State {
    Paid { by: u8 },
}

#[test]
fn errors_say_where() {
    for (path, text) in [
        (".lines[1].price", r#"{"lines":[{"price":1},{"price":"x"}],"notes":{},"state":{"Paid":{"by":1}}}"#),
        (".lines[1]", r#"{"lines":[{"price":1},{}],"notes":{},"state":{"Paid":{"by":1}}}"#),
        (r#".notes["a b"]"#, r#"{"lines":[],"notes":{"a b":-1},"state":{"Paid":{"by":1}}}"#),
        (".state.Paid.by", r#"{"lines":[],"notes":{},"state":{"Paid":{"by":256}}}"#),
        (".state", r#"{"lines":[],"notes":{},"state":{"Lost":{}}}"#),
        (".", r#"{"lines":[],"notes":{}}"#),
        (".", r#"{"lines":[],"notes":{},"lines":[],"state":{"Paid":{"by":1}}}"#),
        (".", r#"{"lines":[],"notes":{},"state":{"Paid":{"by":1}}} x"#),
        (".lines[0].price", r#"{"lines":[{"price":NaN}],"notes":{},"state":{"Paid":{"by":1}}}"#),
        (".lines[0].price", r#"{"lines":[{"price":1e999}],"notes":{},"state":{"Paid":{"by":1}}}"#),
        (".", ""),
    ] {
        let error = json::from_slice::<Order>(text.as_bytes()).expect_err(text);
        assert_eq!(error.path, path, "{text}: {error}");
    }
}

#[test]
fn errors_say_where_whatever_reads() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    #[expect(dead_code, reason = "only its errors are looked at")]
    struct Name(String);

    impl TryFrom<String> for Name {
        type Error = &'static str;

        fn try_from(name: String) -> Result<Self, &'static str> {
            if name.is_empty() { Err("a name is not empty") } else { Ok(Self(name)) }
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its errors are looked at")]
    struct Person {
        pair: (u8, Option<Name>),
        kind: Kind,
        name: Name,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "only its errors are looked at")]
    enum Kind {
        Plain,
        Named(Name),
        Both(Name, Name),
    }

    for (path, text) in [
        (".name", r#"{"pair":[1,null],"kind":"plain","name":""}"#),
        (".pair[1]", r#"{"pair": [1, ""], "kind":"plain","name":"a"}"#),
        (".pair", r#"{"pair":[1],"kind":"plain","name":"a"}"#),
        (".kind.named", r#"{"pair":[1,null],"kind":{"named":""},"name":"a"}"#),
        (".kind.both[1]", r#"{"kind":{"both":["a",""]},"pair":[1,null],"name":"a"}"#),
        (".kind", r#"{"kind":"none","pair":[1,null],"name":"a"}"#),
        (r#"["b\"c"]"#, r#"{"kind":"plain","b\"c":1}"#),
        ("[0][0]", r#"[["",null],"plain","a"]"#),
    ] {
        let error = json::from_slice::<Person>(text.as_bytes()).expect_err(text);
        assert_eq!(error.path, path, "{text}: {error}");
    }
}

#[test]
fn text_that_is_no_unicode_is_an_error() {
    let error = json::from_slice::<BTreeMap<String, String>>(b"{\"a\":\"\xff\"}").expect_err("no UTF-8");
    assert_eq!(error.path, ".a");
}

#[test]
fn deep_text_is_an_error_and_no_overflow() {
    for depth in [MAX_DEPTH, MAX_DEPTH + 1, 1_000_000] {
        let text = "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(json::from_slice::<Value>(text.as_bytes()).is_ok(), depth <= MAX_DEPTH, "{depth}");
        let text = r#"{"a":"#.repeat(depth) + "1.5" + &"}".repeat(depth);
        assert_eq!(json::from_slice::<Value>(text.as_bytes()).is_ok(), depth <= MAX_DEPTH, "{depth}");
    }
}

#[test]
fn numbers_keep_their_value_wherever_they_are_buffered() {
    let number = |text: &str| match json::from_slice::<Untagged>(text.as_bytes()) {
        Ok(value) => value,
        Err(error) => panic!("{text}: {error}"),
    };
    assert_eq!(number("18446744073709551615"), Untagged::Unsigned(u64::MAX));
    assert_eq!(number("-9223372036854775808"), Untagged::Signed(i64::MIN));
    assert_eq!(number("1.50"), Untagged::Double(1.5));
    assert_eq!(number("1E+2"), Untagged::Double(100.0));
    assert_eq!(number("1.8446744073709552e19"), Untagged::Double(18_446_744_073_709_551_616.0));
    assert!(matches!(number("-0"), Untagged::Double(zero) if zero.is_sign_negative()));
}

#[test]
fn long_numbers_stay_long_where_the_type_can_hold_them() {
    #[derive(Debug, Deserialize)]
    #[serde(tag = "type")]
    enum Exact {
        Number { number: Number, any: Value },
    }

    let text = r#"{"type":"Number","number":0.10000000000000000000000000000001,"any":[12345678901234567890123]}"#;
    let Exact::Number { number, any } = json::from_slice(text.as_bytes()).expect("numbers");
    let exact = cfg!(feature = "arbitrary_precision");
    assert_eq!(number.to_string() == "0.10000000000000000000000000000001", exact, "{number}");
    let any = any.to_string();
    assert_eq!(any == "[12345678901234567890123]", exact, "{any}");
}

#[cfg(feature = "raw_value")]
#[test]
fn raw_text_is_read_as_it_is() {
    let raw: BTreeMap<String, Box<RawValue>> = json::from_slice(br#"{"a": [1.50,  "x"]}"#).expect("raw text");
    assert_eq!(raw["a"].get(), r#"[1.50,  "x"]"#);
}

proptest! {
    #[test]
    fn nothing_panics(bytes: Vec<u8>, text in "[\\[\\]{}\",:0-9eE.+\\-ntfu\\\\a-c$ ]{0,40}") {
        for bytes in [&bytes[..], text.as_bytes()] {
            let _ = json::from_slice::<Value>(bytes);
            let _ = json::from_slice::<Content>(bytes);
            let _ = json::from_slice::<External>(bytes);
            let _ = json::from_slice::<Internal>(bytes);
            let _ = json::from_slice::<Untagged>(bytes);
        }
    }
}
