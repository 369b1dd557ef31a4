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
    Schema,
    codec::json,
    schema::{Shape, Verdict, compatibility},
};
use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

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

/// Checks all pairs, and that the readable ones are these; `meant` are breaking though every value comes back.
fn are_told_apart(members: &[Member], readable: &[(&str, &str)], meant: &[(&str, &str)]) {
    let mut found = Vec::new();
    for old in members {
        for new in members.iter().filter(|new| new.name != old.name) {
            let pair = (old.name, new.name);
            // There and back again, it must be the same text.
            let is_kept = |stored: &String| (new.again)(stored).and_then(|text| (old.again)(&text)).as_ref() == Some(stored);
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
        member!(jiff::civil::Date: jiff::civil::Date::MAX, jiff::civil::Date::constant(-1, 1, 1)),
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
    are_told_apart(&members, &readable, &[]);
}
