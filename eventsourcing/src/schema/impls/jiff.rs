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
    // The name of the time zone stands behind the offset, in brackets.
    ZonedDateTime => Shape::Text("zoned-date-time"), MapKey, unless rounded;
    Date => Shape::Text("civil-date"), MapKey;
    Time => Shape::Text("civil-time"), MapKey;
    DateTime => Shape::Text("civil-date-time"), MapKey;
    Span => Shape::Text("duration"), MapKey, unless unbalanced;
    // No days, months or years: these are no fixed time.
    SignedDuration => Shape::Text("time-duration"), MapKey;
}

/// `jiff` rounds the offset to minutes. Some zones had seconds there, mostly before 1900: most of such times are found
/// again by the name of the zone, some are not, and a zone that is a bare offset never is.
fn rounded(time: &ZonedDateTime) -> Option<&'static str> {
    let comes_back = || {
        let again = time.to_string().parse::<ZonedDateTime>();
        again.is_ok_and(|again| again == *time && again.offset() == time.offset())
    };
    (time.offset().seconds() % 60 != 0 && !comes_back()).then_some(
        "the offset has seconds, which `jiff` rounds to minutes, so another instant would be read; store its timestamp",
    )
}

/// One number stands for the seconds and what is smaller, and it is read as fewer than 1000 of each smaller unit.
fn unbalanced(span: &Span) -> Option<&'static str> {
    let has_smaller = span.get_milliseconds() != 0 || span.get_microseconds() != 0 || span.get_nanoseconds() != 0;
    let comes_back = || span.to_string().parse::<Span>().is_ok_and(|again| again.fieldwise() == span.fieldwise());
    (has_smaller && !comes_back()).then_some(
        "a span is written with one number for its seconds and what is smaller, so other units would be read; carry each thousand of a unit over to the next one",
    )
}
