//! The crate `chrono`.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Weekday};

use super::shapes::shapes;
use crate::schema::{
    shape::{CodePlace, MapKey, Schema, Shape, Tagging, Variant},
    value_check::ValueCheck,
};

/// A zone of no size (`Utc`, `Local`) keeps nothing of the offset that is read, so such a time is an instant. A zone of
/// some size (`FixedOffset`) is the offset.
impl<Tz: TimeZone> Schema for DateTime<Tz> {
    const SHAPE: Shape = Shape::Text(if size_of::<Tz>() == 0 { "instant" } else { "offset-date-time" });

    fn check_value(&self, check: &mut ValueCheck) {
        if self.offset().fix().local_minus_utc() % 60 != 0 {
            check.refuse(SECONDS_OF_OFFSET);
        } else if let Some(reason) = leap(&self.naive_utc()) {
            check.refuse(reason);
        } else if self.naive_utc().checked_add_offset(self.offset().fix()).is_none() {
            check.refuse(BEYOND);
        }
    }
}

impl<Tz: TimeZone> MapKey for DateTime<Tz> {}

shapes! {
    NaiveDate => Shape::Text("naive-date"), MapKey;
    NaiveTime => Shape::Text("naive-time"), MapKey, unless leap;
    NaiveDateTime => Shape::Text("naive-date-time"), MapKey, unless leap;
    Weekday => names(&[
        name("Mon"), name("Tue"), name("Wed"), name("Thu"), name("Fri"), name("Sat"), name("Sun"),
    ]), MapKey;
    Month => names(&[
        name("January"), name("February"), name("March"), name("April"), name("May"), name("June"),
        name("July"), name("August"), name("September"), name("October"), name("November"), name("December"),
    ]), MapKey;
}

const fn names(variants: &'static [Variant]) -> Shape {
    Shape::Enum { tagging: Tagging::External, variants }
}

const fn name(name: &'static str) -> Variant {
    Variant { name, aliases: &[], shape: Shape::Null, other: false, read_only: false, origin: CodePlace::UNKNOWN }
}

const SECONDS_OF_OFFSET: &str =
    "the offset has seconds, which `chrono` rounds to minutes, so another instant would be read; store the time in UTC";
const BEYOND: &str = "the local time lies beyond the years of `chrono`, so it could not be read; store the time in UTC";

/// A leap second that is not the last one of a minute: it is written as the second after it.
fn leap(time: &impl Timelike) -> Option<&'static str> {
    (time.nanosecond() >= 1_000_000_000 && time.second() != 59).then_some(
        "a leap second at another second than 59 is written as the second after it; store it without the leap second",
    )
}
