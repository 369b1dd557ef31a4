//! Types that are not ours and look alike: those whose values the rules tell apart by the names of their formats.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::{Range, RangeInclusive},
    time::Duration,
};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use eventsourcing::{Schema, schema::Shape};
use jiff::{Timestamp, civil};

/// A type as it is written, and its shape.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Foreign {
    pub(crate) source: &'static str,
    pub(crate) shape: Shape,
}

const fn foreign<T: Schema>(source: &'static str) -> Foreign {
    Foreign { source, shape: T::SHAPE }
}

pub(crate) static FOREIGN: [Foreign; 14] = [
    foreign::<DateTime<Utc>>("DateTime<Utc>"),
    foreign::<DateTime<FixedOffset>>("DateTime<FixedOffset>"),
    foreign::<Timestamp>("Timestamp"),
    foreign::<NaiveDate>("NaiveDate"),
    foreign::<civil::Date>("civil::Date"),
    foreign::<NaiveTime>("NaiveTime"),
    foreign::<civil::Time>("civil::Time"),
    foreign::<NaiveDateTime>("NaiveDateTime"),
    foreign::<civil::DateTime>("civil::DateTime"),
    foreign::<Ipv4Addr>("Ipv4Addr"),
    foreign::<Ipv6Addr>("Ipv6Addr"),
    foreign::<Range<u8>>("Range<u8>"),
    foreign::<RangeInclusive<u8>>("RangeInclusive<u8>"),
    foreign::<Duration>("Duration"),
];
