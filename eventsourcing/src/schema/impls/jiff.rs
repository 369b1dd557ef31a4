//! The crate `jiff`.

use jiff::{
    SignedDuration, Span, Timestamp, ZonedDateTime,
    civil::{Date, DateTime, Time},
};

use super::shapes::shapes;
use crate::schema::shape::Shape;

// Not the formats of `chrono`, which has leap seconds, and years beyond 9999.
shapes! {
    Timestamp => Shape::Text("timestamp"), MapKey;
    // The name of the time zone stands behind the offset, in brackets. `jiff` rounds the offset to minutes: some zones had
    // seconds there, mostly before 1900, and such a time comes back seconds away.
    ZonedDateTime => Shape::Text("zoned-date-time"), MapKey;
    Date => Shape::Text("civil-date"), MapKey;
    Time => Shape::Text("civil-time"), MapKey;
    DateTime => Shape::Text("civil-date-time"), MapKey;
    Span => Shape::Text("duration"), MapKey;
    // No days, months or years: these are no fixed time.
    SignedDuration => Shape::Text("time-duration"), MapKey;
}
