//! What is written through adapters and modules of other crates, by their names alone: nothing here is stated with `as`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
    net::Ipv4Addr,
    time::Duration,
};

use chrono::{DateTime, Utc};
use eventsourcing::{
    Event, Schema,
    schema::{AsText, Shape},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};
use serde_with::{
    Bytes, DefaultOnNull, DisplayFromStr, DurationMilliSeconds, DurationSeconds, FromInto, OneOrMany, TimestampSeconds,
    TryFromInto,
    base64::{Base64, Standard, UrlSafe},
    formats::{PreferMany, Unpadded},
    hex::Hex,
    serde_as,
};
use time::OffsetDateTime;
use ulid::Ulid;

use crate::{
    foreign::{key, real},
    harness::Of,
};

/// The shape of the only field.
fn field<T: Schema>() -> Shape {
    match Of::<T>::SHAPE {
        Shape::Struct { fields: [field], .. } => field.shape,
        other => panic!("not one field: {other:?}"),
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Iban(String);

impl std::fmt::Display for Iban {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Iban {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.starts_with("DE").then(|| Self(text.to_owned())).ok_or("not of a country that is known")
    }
}

impl AsText for Iban {
    const SHAPE: Shape = Shape::String;
}

#[serde_as]
#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Texts {
    #[serde_as(as = "DisplayFromStr")]
    wei: u128,
    #[serde_as(as = "Option<DisplayFromStr>")]
    change: Option<i128>,
    #[serde_as(as = "Vec<DisplayFromStr>")]
    ibans: Vec<Iban>,
    #[serde_as(as = "BTreeMap<DisplayFromStr, _>")]
    by_number: BTreeMap<u8, Option<bool>>,
    #[serde(with = "eventsourcing::codec::as_text")]
    ours: u64,
}

#[test]
fn text_through_display() {
    let texts = |wei, change| Texts {
        wei,
        change,
        ibans: vec![Iban("DE02".into())],
        by_number: BTreeMap::from([(7, None), (8, Some(true))]),
        ours: u64::MAX,
    };
    real([texts(u128::MAX, None), texts(0, Some(i128::MIN))]);
    let Shape::Struct { fields, .. } = Of::<Texts>::SHAPE else { panic!("a struct") };
    assert_eq!(fields[0].shape, Shape::Text("u128"));
    assert_eq!(fields[1].shape, Shape::Option(&Shape::Text("i128")));
    assert!(fields[1].optional, "serde_as adds a default");
    assert_eq!(fields[4].shape, Shape::Text("u64"));
}

macro_rules! through {
    ($($name:ident, $ty:ty, $adapter:literal, $shape:expr, [$($value:expr),+];)+) => {
        $(
            #[test]
            fn $name() {
                #[serde_as]
                #[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
                struct One {
                    #[serde_as(as = $adapter)]
                    value: $ty,
                }

                real([$(One { value: $value }),+]);
                assert_eq!(field::<One>(), $shape);
            }
        )+
    };
}

const U8: Shape = Shape::Integer(eventsourcing::schema::Integer::U8);
const U32: Shape = Shape::Integer(eventsourcing::schema::Integer::U32);
const I64: Shape = Shape::Integer(eventsourcing::schema::Integer::I64);
const U64: Shape = Shape::Integer(eventsourcing::schema::Integer::U64);

through! {
    seconds, Duration, "DurationSeconds<u64>", U64, [Duration::ZERO, Duration::from_secs(90)];
    milliseconds, Duration, "DurationMilliSeconds<u64>", U64, [Duration::from_millis(1500)];
    timestamps, DateTime<Utc>, "TimestampSeconds<i64>", I64, [DateTime::UNIX_EPOCH];
    bytes, Vec<u8>, "Bytes", Shape::List(&U8), [vec![], vec![0, 255]];
    bytes_of_a_length, [u8; 4], "Bytes", Shape::Array(&U8, 4), [[0, 1, 2, 255]];
    base64, Vec<u8>, "Base64", Shape::Text("base64"), [vec![], vec![255, 254, 253, 0]];
    base64_of_a_length, [u8; 32], "Base64<Standard>", Shape::Text("base64-32"), [[7; 32]];
    base64url, Vec<u8>, "Base64<UrlSafe, Unpadded>", Shape::Text("base64url-unpadded"), [vec![255, 254, 253, 0]];
    hex, Vec<u8>, "Hex", Shape::Text("hex"), [vec![], vec![255, 0]];
    hex_of_a_length, [u8; 20], "Hex", Shape::Text("hex-20"), [[7; 20]];
    many, Vec<u8>, "OneOrMany<_, PreferMany>", Shape::List(&U8), [vec![], vec![1], vec![1, 2]];
    converted, Ipv4Addr, "FromInto<u32>", U32, [Ipv4Addr::LOCALHOST, Ipv4Addr::BROADCAST];
}

#[test]
fn one_or_many() {
    #[serde_as]
    #[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
    struct Tags {
        #[serde_as(as = "OneOrMany<_>")]
        tags: Vec<String>,
    }

    let tags = |names: &[&str]| Tags { tags: names.iter().copied().map(str::to_owned).collect() };
    real([tags(&[]), tags(&["a"]), tags(&["a", "b"])]);
    assert!(matches!(field::<Tags>(), Shape::Enum { variants: [one, many], .. }
        if one.shape == Shape::String && many.shape == Shape::List(&Shape::String)));
}

#[serde_as]
#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Nested {
    #[serde_as(as = "Vec<(_, DisplayFromStr)>")]
    pairs: BTreeMap<(i8, String), u64>,
    #[serde_as(as = "HashMap<_, Vec<DurationSeconds<u64>>>")]
    durations: HashMap<String, Vec<Duration>>,
    #[serde_as(as = "Option<Box<[DisplayFromStr; 2]>>")]
    pair: Option<Box<[u8; 2]>>,
    #[serde_as(as = "BTreeSet<DisplayFromStr>")]
    set: BTreeSet<u8>,
    #[serde_as(as = "DefaultOnNull")]
    lenient: u8,
    #[serde_as(as = "TryFromInto<i64>")]
    narrowed: u8,
}

#[test]
fn adapters_inside_of_others() {
    real([Nested {
        pairs: BTreeMap::from([((-1, "a".into()), u64::MAX)]),
        durations: HashMap::from([("a".into(), vec![Duration::from_secs(7)])]),
        pair: Some(Box::new([1, 2])),
        set: BTreeSet::from([1, 2]),
        lenient: 1,
        narrowed: 255,
    }]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
#[expect(clippy::option_option, reason = "that it can be stored is what is tested")]
struct Modules {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    until: Option<OffsetDateTime>,
    #[serde(with = "time::serde::timestamp")]
    since: OffsetDateTime,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    stamp: DateTime<Utc>,
    #[serde(with = "::chrono::serde::ts_seconds_option", default)]
    ended: Option<DateTime<Utc>>,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    #[serde(with = "serde_bytes")]
    key: [u8; 3],
    #[serde(default, with = "serde_bytes")]
    maybe: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "serde_with::rust::double_option")]
    nickname: Option<Option<String>>,
}

#[test]
fn modules_by_their_paths() {
    let modules = |maybe: Option<Vec<u8>>, nickname| Modules {
        at: OffsetDateTime::UNIX_EPOCH + Duration::new(1, 500),
        until: maybe.as_ref().map(|_| OffsetDateTime::UNIX_EPOCH),
        since: OffsetDateTime::UNIX_EPOCH,
        stamp: DateTime::UNIX_EPOCH,
        ended: maybe.as_ref().map(|_| DateTime::UNIX_EPOCH),
        bytes: vec![0, 255],
        key: [1, 2, 3],
        maybe,
        nickname,
    };
    real([
        modules(None, None),
        modules(Some(Vec::new()), Some(None)),
        modules(Some(vec![1]), Some(Some("Ada".to_owned()))),
    ]);
}

#[test]
fn types_of_other_crates() {
    key([Ulid::nil(), Ulid::from(u128::MAX), Ulid::from_parts(1_469_918_176_385, 7)]);
    real([ByteBuf::from(vec![0, 255])]);
    real([ByteArray::new([0, 255])]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Price {
    #[serde(with = "rust_decimal::serde::str")]
    amount: Decimal,
    #[serde(default, with = "rust_decimal::serde::str_option")]
    tax: Option<Decimal>,
}

#[test]
fn decimals_that_are_text_whatever_the_features() {
    real([Price { amount: Decimal::new(150, 2), tax: None }, Price { amount: Decimal::MAX, tax: Some(Decimal::ONE) }]);
}

/// In an event the adapters work as in a type of serde's own.
#[serde_as]
#[derive(Debug, PartialEq, Event)]
#[event(prefix = "token", unlocked)]
enum TokenEvent {
    Minted {
        #[serde_as(as = "DisplayFromStr")]
        wei: u128,
        #[serde_as(as = "Option<Hex>")]
        hash: Option<Vec<u8>>,
    },
    Burnt(#[serde(with = "eventsourcing::codec::as_text")] i128),
}

#[test]
fn adapters_in_events() {
    for event in [
        TokenEvent::Minted { wei: u128::MAX, hash: None },
        TokenEvent::Minted { wei: 0, hash: Some(vec![1]) },
        TokenEvent::Burnt(-1),
    ] {
        let stored = event.encode().expect("it is written");
        let payload = stored.payload.as_slice();
        let encoded = eventsourcing::Encoded::new(stored.tag.clone(), stored.schema_version, payload);
        assert_eq!(TokenEvent::decode(&encoded).expect("it is read"), Some(event));
    }
}
