//! Each schema of a type from another crate, against what that crate really writes.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use indexmap::{IndexMap, IndexSet};
use jiff::{
    SignedDuration, Span, SpanFieldwise, Timestamp, ZonedDateTime,
    civil::{Date, DateTime, Time},
};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use smallvec::{SmallVec, smallvec};
use url::Url;
use uuid::Uuid;

use crate::foreign::{key, real};

#[test]
fn urls() {
    key([
        "https://user:secret@example.org:8080/a%20b/ä?q=1|2^3&x=[]#`f`",
        "http://[::1]/",
        "mailto:ada@example.org",
        "data:text/plain,a b",
        "file:///C|/x",
        "a-b.c+d://host",
    ]
    .map(|text| text.parse::<Url>().expect("a URL")));
}

#[test]
fn versions() {
    key(["0.0.0", "1.2.3-alpha.1+build.5", "18446744073709551615.0.1"]
        .map(|text| text.parse::<Version>().expect("one")));
    real(["*", "^1.2", ">=1, <2.0.0-rc.1", "~0.3.1", "=1.*"].map(|text| text.parse::<VersionReq>().expect("a range")));
}

#[test]
fn instants() {
    key([Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX]);
    key(["2026-02-28T23:59:59.5+01:00[Europe/Berlin]", "1883-11-18T12:30:00-05:00[America/New_York]"]
        .map(|text| text.parse::<ZonedDateTime>().expect("an instant")));
    real(
        ["2026-02-28T23:59:59.000000001+00:00[UTC]", "2026-02-28T23:59:59-02:30[-02:30]"]
            .map(|text| text.parse::<ZonedDateTime>().expect("an instant")),
    );
    key([Date::MIN, Date::ZERO, Date::MAX]);
    key([Time::MIN, Time::MAX]);
    key([DateTime::MIN, DateTime::ZERO, DateTime::MAX]);
}

#[test]
fn durations() {
    key([SignedDuration::MIN, SignedDuration::ZERO, SignedDuration::MAX, SignedDuration::from_millis(-1500)]);
    let spans = ["PT0S", "P1Y2M3W4DT5H6M7.008009S", "-P1D", "-PT1.5S", "P200W"];
    real(spans.map(|text| Fieldwise(text.parse::<Span>().expect("a span").fieldwise())));
}

/// A span is equal to another one only field by field, and then it is no longer what serde writes.
#[derive(Debug, PartialEq, Serialize, Deserialize, eventsourcing::Schema)]
#[serde(from = "Span", into = "Span")]
struct Fieldwise(SpanFieldwise);

impl Clone for Fieldwise {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl From<Span> for Fieldwise {
    fn from(span: Span) -> Self {
        Self(span.fieldwise())
    }
}

impl From<Fieldwise> for Span {
    fn from(Fieldwise(SpanFieldwise(span)): Fieldwise) -> Self {
        span
    }
}

#[test]
fn lists_of_bytes_and_short_lists() {
    real([Bytes::new(), Bytes::from_static(&[0, 255])]);
    real([BytesMut::from(&[0, 255][..])]);
    real([BTreeMap::from([("a".to_owned(), Bytes::from_static(b"a"))])]);
    real([SmallVec::<[Option<i8>; 2]>::new(), smallvec![Some(1), None, Some(-1)]]);
}

#[test]
fn maps_and_sets_in_their_order() {
    let map = IndexMap::from([("b".to_owned(), 1), ("a".to_owned(), 2)]);
    real([map.clone()]);
    real([IndexMap::from([(Uuid::nil(), IndexSet::from([2, 1]))])]);
    let text = eventsourcing::codec::json::to_vec(&map).expect("it is written");
    let read: IndexMap<String, i32> = eventsourcing::codec::json::from_slice(&text).expect("it is read");
    assert!(map.iter().eq(read.iter()), "an equal map may still have another order");
}
