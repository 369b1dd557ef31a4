//! Types that look alike and are not: every pair of them, with the real libraries. What the rules call readable must be
//! read, and written again as it was; what they call breaking must lose something, or mean something else.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
    ops::{Range, RangeFrom, RangeInclusive, RangeTo},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use eventsourcing::{
    Event, Schema,
    codec::{EncodeError, json},
    lock::history_is_readable,
    schema::{Shape, Verdict, compatibility},
};
use indexmap::{IndexMap, IndexSet};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// A type, and what is stored of it.
struct Member {
    name: &'static str,
    shape: Shape,
    stored: Vec<String>,
    /// What it writes after it has read a text.
    again: fn(&str) -> Option<String>,
}

fn again<T: Serialize + DeserializeOwned>(stored: &str) -> Option<String> {
    let value: T = json::from_slice(stored.as_bytes()).ok()?;
    String::from_utf8(json::to_vec(&value).ok()?).ok()
}

/// A type, and values of it as they are written.
macro_rules! member {
    ($ty:ty: $($value:expr),+) => {{
        let values: Vec<$ty> = vec![$($value),+];
        let stored = values.iter().map(|value| serde_json::to_string(value).expect("JSON")).collect();
        Member { name: stringify!($ty), shape: <$ty as Schema>::SHAPE, stored, again: again::<$ty> }
    }};
}

/// Whether another type has written the same, but for zeros: as its own type would have written that, or as it is.
fn says_the_same(old: &Member, stored: &str, text: &str) -> bool {
    let without_zeros = |text: &str| text.replace("\"-00", "\"-");
    let back = (old.again)(text).unwrap_or_else(|| text.to_owned());
    without_zeros(&back) == without_zeros(stored)
}

/// Checks all pairs, and that the readable ones are these; `meant` are breaking though every value comes back.
fn are_told_apart(members: &[Member], readable: &[(&str, &str)], meant: &[(&str, &str)]) {
    let mut found = Vec::new();
    for old in members {
        for new in members.iter().filter(|new| new.name != old.name) {
            let pair = (old.name, new.name);
            let is_kept = |stored: &String| (new.again)(stored).is_some_and(|text| says_the_same(old, stored, &text));
            let all_kept = old.stored.iter().all(is_kept);
            match compatibility(&new.shape, &old.shape) {
                Verdict::Breaking => assert_eq!(all_kept, meant.contains(&pair), "breaking: {pair:?}"),
                verdict => {
                    let lost: Vec<_> = old.stored.iter().filter(|stored| !is_kept(stored)).collect();
                    assert!(lost.is_empty(), "{verdict:?}: {pair:?} loses {lost:?}");
                    found.push(pair);
                }
            }
        }
    }
    for pair in readable {
        assert!(found.contains(pair), "refused: {pair:?}");
    }
    for pair in &found {
        assert!(readable.contains(pair), "accepted: {pair:?}");
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

#[test]
fn times() {
    let for_ever = "9999-12-31T23:59:59Z";
    let leap = "2016-12-31T23:59:60.500Z";
    let naive = |text: &str| instant(text).naive_utc();
    let offset = |text: &str| text.parse::<DateTime<FixedOffset>>().expect("a time");
    let members = [
        member!(DateTime<Utc>: instant(for_ever), instant(leap), DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC),
        member!(DateTime<Local>: DateTime::<Utc>::UNIX_EPOCH.with_timezone(&Local), instant(for_ever).with_timezone(&Local)),
        member!(DateTime<FixedOffset>: offset("9999-12-31T23:59:59+02:00"), offset("2016-12-31T23:59:60.5-05:30")),
        member!(jiff::Timestamp: jiff::Timestamp::MIN, jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX),
        member!(jiff::ZonedDateTime: "2024-02-29T12:30:00.5+01:00[Europe/Berlin]".parse().expect("a time")),
        member!(NaiveDate: NaiveDate::MIN, NaiveDate::MAX, naive(for_ever).date()),
        member!(NaiveTime: naive(leap).time(), naive(for_ever).time()),
        member!(NaiveDateTime: NaiveDateTime::MIN, NaiveDateTime::MAX, naive(leap), naive(for_ever)),
        member!(jiff::civil::Date: jiff::civil::Date::MAX, jiff::civil::Date::MIN),
        member!(jiff::civil::Time: jiff::civil::Time::MIN, jiff::civil::Time::MAX),
        member!(jiff::civil::DateTime: jiff::civil::DateTime::MIN, jiff::civil::DateTime::MAX),
        member!(String: "9999-12-31T23:59:59Z".to_owned(), "Ada".to_owned()),
    ];
    let mut readable = vec![
        ("DateTime<Utc>", "DateTime<Local>"),
        ("DateTime<Utc>", "DateTime<FixedOffset>"),
        ("DateTime<Local>", "DateTime<Utc>"),
        ("DateTime<Local>", "DateTime<FixedOffset>"),
        ("jiff::Timestamp", "DateTime<Utc>"),
        ("jiff::Timestamp", "DateTime<Local>"),
        ("jiff::Timestamp", "DateTime<FixedOffset>"),
        ("jiff::civil::Date", "NaiveDate"),
        ("jiff::civil::Time", "NaiveTime"),
        ("jiff::civil::DateTime", "NaiveDateTime"),
    ];
    readable.extend(members.iter().map(|member| (member.name, "String")).filter(|(name, _)| *name != "String"));
    // A day is no midnight.
    let meant = [("jiff::civil::Date", "jiff::civil::DateTime")];
    are_told_apart(&members, &readable, &meant);
}

/// A struct with the fields of a `Duration`, one with those of a range, and the same for any other keys.
#[derive(Debug, Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
struct Elapsed {
    secs: u64,
    nanos: u32,
}

#[derive(Debug, Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
struct Period {
    start: u8,
    end: u8,
}

#[derive(Debug, Serialize, Deserialize, Schema)]
struct OpenPeriod {
    start: u8,
    end: u8,
}

#[test]
fn objects_of_the_standard_library() {
    let members = [
        member!(Range<u8>: 1..2, 0..255),
        member!(RangeInclusive<u8>: 1..=2),
        member!(RangeFrom<u8>: 1..),
        member!(RangeTo<u8>: ..1),
        member!(Period: Period { start: 1, end: 2 }),
        member!(OpenPeriod: OpenPeriod { start: 1, end: 2 }),
        member!(Duration: Duration::MAX, Duration::new(1, 999_999_999)),
        member!(SystemTime: SystemTime::UNIX_EPOCH),
        member!(Elapsed: Elapsed { secs: 1, nanos: 1_500_000_000 }),
    ];
    let readable = [
        ("Range<u8>", "Period"),
        ("Range<u8>", "OpenPeriod"),
        ("RangeInclusive<u8>", "Period"),
        ("RangeInclusive<u8>", "OpenPeriod"),
        ("Period", "OpenPeriod"),
        ("OpenPeriod", "Period"),
        ("Duration", "Elapsed"),
    ];
    // The end of one range belongs to it, that of the other does not; a struct says neither.
    let meant = [
        ("Range<u8>", "RangeInclusive<u8>"),
        ("RangeInclusive<u8>", "Range<u8>"),
        ("Period", "Range<u8>"),
        ("Period", "RangeInclusive<u8>"),
        ("OpenPeriod", "Range<u8>"),
        ("OpenPeriod", "RangeInclusive<u8>"),
    ];
    are_told_apart(&members, &readable, &meant);
}

#[test]
fn lists_and_sets() {
    let members = [
        member!(Vec<u8>: vec![1, 2, 3, 1]),
        member!(VecDeque<u8>: VecDeque::from([1, 3, 2, 1])),
        member!(LinkedList<u8>: LinkedList::from([1, 2, 1, 3])),
        member!(BinaryHeap<u8>: BinaryHeap::from([1, 2, 3, 3])),
        member!(BTreeSet<u8>: BTreeSet::from([1, 2, 3, 4])),
        member!(IndexSet<u8>: IndexSet::from([3, 1, 2, 4])),
        member!([u8; 3]: [1, 2, 2]),
        member!((u8, u8, u8): (1, 2, 2)),
    ];
    let lists = ["Vec<u8>", "VecDeque<u8>", "LinkedList<u8>"];
    let mut readable = vec![
        ("BTreeSet<u8>", "IndexSet<u8>"),
        ("BTreeSet<u8>", "BinaryHeap<u8>"),
        ("[u8; 3]", "(u8, u8, u8)"),
        ("(u8, u8, u8)", "[u8; 3]"),
    ];
    for list in lists {
        readable.extend(members.iter().map(|member| (member.name, list)).filter(|(name, _)| *name != list));
    }
    are_told_apart(&members, &readable, &[]);
}

#[test]
fn maps() {
    let entry = |key: &str| (key.to_owned(), json!({ "a": 1 }));
    let members = [
        member!(IndexMap<String, Value>: IndexMap::from([entry("b"), entry("a")])),
        member!(BTreeMap<String, Value>: BTreeMap::from([entry("a"), entry("b")])),
        member!(serde_json::Map<String, Value>: serde_json::Map::from_iter([entry("a"), entry("b")])),
        member!(Value: json!({ "a": 1 }), json!([1])),
    ];
    let names = ["IndexMap<String, Value>", "BTreeMap<String, Value>", "serde_json::Map<String, Value>", "Value"];
    let readable = [
        (names[1], names[0]),
        (names[1], names[2]),
        (names[1], names[3]),
        (names[2], names[0]),
        (names[2], names[1]),
        (names[2], names[3]),
    ];
    // With `preserve_order` JSON in memory has an order, which not every build of the same code has.
    let meant: &[_] =
        if cfg!(feature = "preserve_order") { &[(names[0], names[2]), (names[0], names[3])] } else { &[] };
    are_told_apart(&members, &readable, meant);
}

#[test]
fn addresses() {
    let v4 = Ipv4Addr::LOCALHOST;
    let v6 = Ipv6Addr::LOCALHOST;
    let members = [
        member!(IpAddr: v4.into(), v6.into()),
        member!(Ipv4Addr: v4, Ipv4Addr::BROADCAST),
        member!(Ipv6Addr: v6, v4.to_ipv6_mapped(), v4.to_ipv6_compatible()),
        member!(SocketAddr: (v4, 80).into(), (v6, 80).into()),
        member!(SocketAddrV4: SocketAddrV4::new(v4, 0)),
        member!(SocketAddrV6: SocketAddrV6::new(v6, 80, 0, 5)),
    ];
    let readable = [
        ("Ipv4Addr", "IpAddr"),
        ("Ipv6Addr", "IpAddr"),
        ("SocketAddrV4", "SocketAddr"),
        ("SocketAddrV6", "SocketAddr"),
    ];
    are_told_apart(&members, &readable, &[]);
}

#[test]
fn spans() {
    let span = |text: &str| text.parse::<jiff::Span>().expect("a span");
    let members = [
        member!(jiff::Span: span("P1Y"), span("PT90M")),
        member!(jiff::SignedDuration: jiff::SignedDuration::MAX),
        member!(Duration: Duration::MAX),
    ];
    are_told_apart(&members, &[], &[]);
}

#[test]
fn versions() {
    let members = [
        member!(semver::Version: semver::Version::new(1, 2, 3)),
        member!(semver::VersionReq: semver::VersionReq::STAR),
    ];
    are_told_apart(&members, &[], &[]);
}

#[derive(Debug, Serialize, Deserialize, Schema)]
struct Flattened<T> {
    #[serde(flatten)]
    inner: T,
    own: bool,
}

/// The fields of a flattened struct stand among others, and its format with them.
#[test]
fn flattened_objects() {
    let own = true;
    let members = [
        member!(Flattened<Range<u8>>: Flattened { inner: 1..2, own }),
        member!(Flattened<RangeInclusive<u8>>: Flattened { inner: 1..=2, own }),
        member!(Flattened<OpenPeriod>: Flattened { inner: OpenPeriod { start: 1, end: 2 }, own }),
        member!(Flattened<RangeFrom<u8>>: Flattened { inner: 1.., own }),
    ];
    let [range, inclusive, period, _] = members.each_ref().map(|member| member.name);
    let meant = [(range, inclusive), (inclusive, range), (period, range), (period, inclusive)];
    are_told_apart(&members, &[(range, period), (inclusive, period)], &meant);
    let old = <Flattened<OpenPeriod>>::SHAPE;
    let Shape::Struct { fields, closed } = old else { panic!("a struct") };
    let fields = fields.iter().map(|field| match &field.shape {
        shape @ Shape::Struct { .. } => {
            eventsourcing::schema::Field::new(field.name, Shape::Format("", shape)).flatten()
        }
        _ => *field,
    });
    let old = Shape::Struct { fields: Vec::leak(fields.collect()), closed };
    assert_eq!(compatibility(&<Flattened<Range<u8>>>::SHAPE, &old), Verdict::Additive, "an older release's lock");
}

/// A lock of an older release has one name for the formats of two libraries, and none for objects in a format.
#[test]
fn what_an_older_release_has_locked_is_read() {
    let old = Shape::Text("date-time");
    for now in [DateTime::<Utc>::SHAPE, DateTime::<FixedOffset>::SHAPE, jiff::Timestamp::SHAPE] {
        assert_eq!(compatibility(&now, &old), Verdict::Additive, "{now:?}");
    }
    assert_eq!(compatibility(&jiff::civil::Date::SHAPE, &Shape::Text("date")), Verdict::Additive);
    assert_eq!(compatibility(&NaiveTime::SHAPE, &Shape::Text("local-time")), Verdict::Additive);
    assert_eq!(compatibility(&NaiveDateTime::SHAPE, &Shape::Text("local-date-time")), Verdict::Additive);
    assert_eq!(compatibility(&Duration::SHAPE, &Shape::Format("", &Elapsed::SHAPE)), Verdict::Additive);
    assert_eq!(compatibility(&Elapsed::SHAPE, &Shape::Format("", &Elapsed::SHAPE)), Verdict::Additive);
}

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "pay", unlocked)]
enum Pay {
    Paid { amounts: Vec<Option<Decimal>> },
    Noted { text: String },
}

/// Features of `rust_decimal` make numbers of its text, in every crate of the build.
#[test]
fn a_format_that_a_feature_has_changed_is_refused() {
    let paid = Pay::Paid { amounts: vec![Some(Decimal::new(10, 2)), None, Some(Decimal::MAX)] };
    let (encoded, history) = (paid.encode(), history_is_readable::<Pay>(&[]));
    assert!(Pay::Noted { text: "no amount".to_owned() }.encode().is_ok());
    if cfg!(feature = "decimals_as_floats") {
        let error = encoded.expect_err("it is written as another form");
        assert!(matches!(error, EncodeError::ChangedFormat { format: "decimal", feature: "rust_decimal/serde-float" }));
        let message = "the feature `rust_decimal/serde-float` is on in this build and changes what is written of `decimal`, so it would not be what the schema states; `cargo tree -e features -i rust_decimal` tells who turns it on";
        assert_eq!(error.to_string(), message);
        assert_eq!(history.expect_err("the test of a lock says the same").to_string(), message);
    } else {
        let encoded = encoded.expect("text");
        assert_eq!(encoded.payload, br#"{"amounts":["0.10",null,"79228162514264337593543950335"]}"#);
        assert!(history.is_ok());
    }
}
