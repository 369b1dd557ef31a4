//! Keys of flattened maps that are those of fields beside them: refused, unless they come back as they were.

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZero,
};

use eventsourcing::{
    Encoded, Event, Schema, Snapshots,
    codec::{DecodeError, EncodeError},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "cloud", unlocked)]
enum Cloud {
    Received(Envelope),
    Batched {
        envelopes: Vec<Envelope>,
    },
    Noted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        #[serde(alias = "writer")]
        author: String,
        #[serde(skip_serializing, default)]
        old: u8,
        #[serde(flatten)]
        extra: HashMap<String, Value>,
    },
    Placed {
        #[serde(flatten)]
        place: Option<Place>,
        #[serde(flatten)]
        extra: BTreeMap<String, i64>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Envelope {
    id: String,
    #[serde(flatten)]
    data: Option<Data>,
    #[serde(flatten)]
    extensions: BTreeMap<String, i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
enum Data {
    #[serde(rename = "data")]
    Json(Value),
    #[serde(rename = "data_base64")]
    Base64(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Place {
    x: i64,
    y: i64,
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "settings.changed", unlocked)]
struct Changed {
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

fn envelope(data: Option<Data>, extensions: &[&str]) -> Envelope {
    Envelope { id: "1".to_owned(), data, extensions: extensions.iter().map(|key| ((*key).to_owned(), 1)).collect() }
}

fn noted(key: &str) -> Cloud {
    let extra = HashMap::from([("other".to_owned(), Value::from(1)), (key.to_owned(), Value::from("text"))]);
    Cloud::Noted { note: None, author: "Ada".to_owned(), old: 0, extra }
}

fn placed(extra: &[&str]) -> Cloud {
    Cloud::Placed { place: None, extra: extra.iter().map(|key| ((*key).to_owned(), 1)).collect() }
}

/// What is written is read as the same event.
#[track_caller]
fn comes_back<E: Event + PartialEq + std::fmt::Debug>(event: &E) {
    let Encoded { tag, schema_version, payload, .. } = event.encode().expect("it is written");
    let again = E::decode(&Encoded::new(tag, schema_version, &payload[..]));
    assert_eq!(again.expect("it is read").as_ref(), Some(event), "{}", String::from_utf8_lossy(&payload));
}

#[track_caller]
fn refused_at(expected: &str, event: &impl Event) {
    let written = event.encode();
    assert!(matches!(&written, Err(EncodeError::KeyOfField { path }) if path == expected), "{expected}: {written:?}");
}

#[test]
fn keys_that_no_field_reads_come_back() {
    comes_back(&Cloud::Received(envelope(None, &[])));
    comes_back(&Cloud::Received(envelope(None, &["traceparent", "a"])));
    comes_back(&Cloud::Received(envelope(Some(Data::Json(Value::from(1))), &["traceparent"])));
    comes_back(&noted("b"));
    comes_back(&placed(&["z"]));
    comes_back(&Changed { theme: None, others: BTreeMap::from([("font".to_owned(), "mono".to_owned())]) });
}

/// serde reads the first of the names of a flattened enum, and leaves the other one.
#[test]
fn the_key_of_another_variant_comes_back() {
    comes_back(&Cloud::Received(envelope(Some(Data::Json(Value::from(1))), &["data_base64"])));
}

#[test]
fn the_key_of_a_field_that_is_not_written_is_refused() {
    refused_at(".data", &Cloud::Received(envelope(None, &["data"])));
    refused_at(
        ".envelopes[1].data",
        &Cloud::Batched { envelopes: vec![envelope(None, &["a"]), envelope(None, &["data"])] },
    );
    refused_at(".note", &noted("note"));
    refused_at(".x", &placed(&["x", "y"]));
    refused_at(".theme", &Changed { theme: None, others: BTreeMap::from([("theme".to_owned(), "dark".to_owned())]) });
}

/// serde takes the fields of a flattened `Option` out of the object before it sees that some are missing.
#[test]
fn a_part_of_the_fields_of_a_flattened_option_is_refused() {
    refused_at(".x", &placed(&["x"]));
}

#[test]
fn a_key_of_the_wrong_type_is_refused() {
    let written = noted("old").encode();
    assert!(matches!(written, Err(EncodeError::Unreadable { .. })), "{written:?}");
    let written = Cloud::Received(envelope(None, &["data_base64"])).encode();
    assert!(matches!(written, Err(EncodeError::KeyOfField { .. })), "{written:?}");
}

/// The field has it as well, so it would be there twice.
#[test]
fn an_alias_is_refused() {
    let written = noted("writer").encode();
    let Err(EncodeError::Unreadable { source }) = written else { panic!("{written:?}") };
    let DecodeError::Payload { source, .. } = source else { panic!("{source}") };
    assert!(source.source.to_string().contains("duplicate field"), "{source:?}");
}

/// A snapshot that cannot be believed is not stored.
#[test]
fn snapshots_are_refused_as_events_are() {
    let snapshots = Snapshots::<Envelope>::json(NonZero::<u32>::MIN, 1);
    snapshots.encode(&envelope(None, &["traceparent"])).expect("it is written");
    let written = snapshots.encode(&envelope(None, &["data"]));
    assert!(matches!(&written, Err(EncodeError::KeyOfField { path }) if path == ".data"), "{written:?}");
    let written = snapshots.encode(&envelope(None, &["data_base64"]));
    assert!(matches!(&written, Err(EncodeError::KeyOfField { .. })), "{written:?}");
}
