//! Each schema that comes with the library, against what serde really writes of that type.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    fmt::Debug,
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
    num::{NonZero, Saturating, Wrapping},
    ops::Bound,
    path::PathBuf,
    rc::Rc,
    sync::{Arc, Mutex, RwLock, atomic},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, FixedOffset, Local, Month, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use eventsourcing::{Schema, schema::MapKey};
#[cfg(not(feature = "decimals_as_floats"))]
use rust_decimal::Decimal;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::harness::{Subject, Tally, validator};

/// Alone, as a list's element, and as an optional field of a variant that serde must buffer.
pub(crate) fn real<T: Schema + Serialize + DeserializeOwned + PartialEq + Debug>(values: impl IntoIterator<Item = T>) {
    let subject = Subject::<T>::new();
    let mut tally = Tally::default();
    for (seed, value) in (0..).zip(values) {
        subject.check(&value, seed, &mut tally);
    }
}

/// The same, and as the key of a map.
pub(crate) fn key<T>(values: impl IntoIterator<Item = T>)
where
    T: MapKey + Serialize + DeserializeOwned + Ord + Clone + Debug,
{
    let values: Vec<T> = values.into_iter().collect();
    real(values.clone());
    let map: BTreeMap<T, u8> = values.into_iter().zip(0..).collect();
    let written = serde_json::to_value(&map).expect("keys");
    real([map]);
    // What is no such key is not valid.
    let validator = validator(eventsourcing::schema::json_schema::<BTreeMap<T, u8>>());
    let others = matches!(T::SHAPE, eventsourcing::schema::Shape::String);
    assert_eq!(validator.is_valid(&json!({ "": 1 })), others, "{written}");
}

/// A type without equality.
fn compared_as_json<T: Schema + Serialize + DeserializeOwned + Debug>(values: impl IntoIterator<Item = T>) {
    #[derive(Debug, Serialize, serde::Deserialize, Schema)]
    #[serde(transparent)]
    struct Compared<T>(T);

    impl<T: Serialize> PartialEq for Compared<T> {
        fn eq(&self, other: &Self) -> bool {
            serde_json::to_value(self).expect("JSON") == serde_json::to_value(other).expect("JSON")
        }
    }

    real(values.into_iter().map(Compared));
}

#[test]
fn scalars() {
    key([true, false]);
    key(['a', '\u{10ffff}']);
    key(["a".to_owned(), String::new()]);
    key([i8::MIN, 0, i8::MAX]);
    key([i16::MIN, 0, i16::MAX]);
    key([i32::MIN, 0, i32::MAX]);
    key([i64::MIN, 0, i64::MAX]);
    key([0, u8::MAX]);
    key([0, u16::MAX]);
    key([0, u32::MAX]);
    key([0, u64::MAX]);
    key([NonZero::<i8>::MIN, NonZero::<i8>::MAX]);
    key([NonZero::<i16>::MIN, NonZero::<i16>::MAX]);
    key([NonZero::<i32>::MIN, NonZero::<i32>::MAX]);
    key([NonZero::<i64>::MIN, NonZero::<i64>::MAX]);
    key([NonZero::<u8>::MIN, NonZero::<u8>::MAX]);
    key([NonZero::<u16>::MIN, NonZero::<u16>::MAX]);
    key([NonZero::<u32>::MIN, NonZero::<u32>::MAX]);
    key([NonZero::<u64>::MIN, NonZero::<u64>::MAX]);
    real([0.0, f32::MIN, f32::MAX, 0.1]);
    real([0.0, f64::MIN, f64::MAX, 0.1]);
    key([PathBuf::from("/tmp/é")]);
}

#[test]
fn addresses() {
    key([IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    key([Ipv4Addr::BROADCAST]);
    key([Ipv6Addr::UNSPECIFIED, Ipv6Addr::LOCALHOST]);
    key(["127.0.0.1:80", "[::1]:80"].map(|text| text.parse::<SocketAddr>().expect("an address")));
    key(["127.0.0.1:80".parse::<SocketAddrV4>().expect("an address")]);
    key(["[::1]:80".parse::<SocketAddrV6>().expect("an address")]);
}

#[test]
fn wrappers() {
    real([None, Some(1)]);
    real([Box::new(1)]);
    key(["a".to_owned().into_boxed_str()]);
    key([Rc::<str>::from("a")]);
    key([Arc::new(1_u8)]);
    real([Box::<[u8]>::from([1, 2])]);
    key([Cow::<'static, str>::Borrowed("a")]);
    key([Reverse(1_i8), Reverse(2)]);
    real([PhantomData::<Vec<u8>>]);
    real([Cell::new(None), Cell::new(Some(1))]);
    real([RefCell::new("a".to_owned())]);
    real([Wrapping(i8::MIN)]);
    real([Saturating(u64::MAX)]);
    compared_as_json([Mutex::new(Some(1)), Mutex::new(None)]);
    compared_as_json([RwLock::new("a".to_owned())]);
    compared_as_json([atomic::AtomicBool::new(true)]);
    compared_as_json([atomic::AtomicI8::new(i8::MIN)]);
    compared_as_json([atomic::AtomicI16::new(i16::MIN)]);
    compared_as_json([atomic::AtomicI32::new(i32::MIN)]);
    compared_as_json([atomic::AtomicI64::new(i64::MIN)]);
    compared_as_json([atomic::AtomicU8::new(u8::MAX)]);
    compared_as_json([atomic::AtomicU16::new(u16::MAX)]);
    compared_as_json([atomic::AtomicU32::new(u32::MAX)]);
    compared_as_json([atomic::AtomicU64::new(u64::MAX)]);
}

#[test]
fn choices() {
    real([Ok(1), Err("no".to_owned())]);
    real([Ok(()), Err("no".to_owned())]);
    real([Ok(None), Ok(Some(1)), Err(Some("no".to_owned()))]);
    real([Bound::Unbounded, Bound::Included(1), Bound::Excluded(u8::MAX)]);
    real([Bound::Unbounded, Bound::Included(())]);
}

#[test]
fn collections() {
    real([Vec::new(), vec![1, 2]]);
    real([VecDeque::from([1, 2])]);
    real([LinkedList::from([1, 2])]);
    real([BTreeSet::from([1, 2])]);
    // One element: the order of several differs from run to run.
    real([HashSet::from([1])]);
    real([BTreeMap::from([("a".to_owned(), 1)])]);
    real([HashMap::from([(Uuid::from_u128(7), Some(1))])]);
    real([[0; 0]]);
    real([[1, 2, 3]]);
    real([[1; 32]]);
    real(vec![1..2, 2..4]);
    real(vec![1..=2, 2..=4]);
    real([1.., 2..]);
    real([..1, ..2]);
    let heap = BinaryHeap::from([1, 2]);
    assert!(codec_tests::accepts(&BinaryHeap::<u8>::SHAPE, &serde_json::to_value(heap).expect("a list"), &[]));
}

#[test]
fn tuples() {
    real([()]);
    real([(1,)]);
    real([(1, "a".to_owned(), None::<bool>)]);
    real([(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]);
    let longest = serde_json::to_value((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, "a")).expect("a list");
    type Longest = (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, String);
    assert!(codec_tests::accepts(&Longest::SHAPE, &longest, &[]));
}

#[test]
fn times() {
    real([Duration::ZERO, Duration::MAX, Duration::new(1, 999_999_999)]);
    real([SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + Duration::new(1, 1)]);
}

#[test]
fn json_values() {
    let values = [Value::Null, json!(1), json!(-1.5), json!("a"), json!([1, { "a": null }])];
    real(values);
    real([Map::from_iter([("a".to_owned(), json!([1.5]))])]);
}

#[test]
fn uuids() {
    key([Uuid::nil(), Uuid::max(), Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef)]);
}

#[cfg(not(feature = "decimals_as_floats"))]
#[test]
fn decimals() {
    key([Decimal::ZERO, Decimal::MIN, Decimal::MAX, Decimal::new(150, 2), Decimal::new(-1, 28)]);
}

#[test]
fn instants() {
    let texts = [
        "2016-12-31T23:59:60Z",
        "2026-02-28T23:59:59Z",
        "0001-01-01T00:00:00.000000001Z",
        "9999-12-31T23:59:59.999999999Z",
    ];
    key(texts.map(|text| text.parse::<DateTime<Utc>>().expect("an instant")));
    key([DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC]);
    key(["2026-02-28T23:59:59+01:30", "0000-01-01T00:00:00-23:59"]
        .map(|text| text.parse::<DateTime<FixedOffset>>().expect("an instant")));
    key([DateTime::<Utc>::UNIX_EPOCH.with_timezone(&Local)]);
    key([NaiveDate::MIN, NaiveDate::MAX, NaiveDate::default()]);
    key(["23:59:59.5", "00:00:00", "23:59:60"].map(|text| text.parse::<NaiveTime>().expect("a time")));
    key([NaiveDateTime::MIN, NaiveDateTime::MAX, NaiveDateTime::default()]);
}

#[test]
fn days_and_months() {
    let days = (0..7).map(|day| Weekday::try_from(day).expect("a day"));
    real(days);
    let months = (1..=12).map(|month| Month::try_from(month).expect("a month"));
    real(months);
    let by_day = HashMap::from([(Weekday::Sun, 1)]);
    real([by_day]);
    real([HashMap::from([(Month::May, 1)])]);
}
