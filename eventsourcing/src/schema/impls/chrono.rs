//! The crate `chrono`.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday};

use super::shapes::shapes;
use crate::schema::shape::{CodePlace, MapKey, Schema, Shape, Tagging, Variant};

/// A zone of no size (`Utc`, `Local`) keeps nothing of the offset that is read, so such a time is an instant. A zone of
/// some size (`FixedOffset`) is the offset.
impl<Tz: TimeZone> Schema for DateTime<Tz> {
    const SHAPE: Shape = Shape::Text(if size_of::<Tz>() == 0 { "instant" } else { "offset-date-time" });
}

impl<Tz: TimeZone> MapKey for DateTime<Tz> {}

shapes! {
    NaiveDate => Shape::Text("naive-date"), MapKey;
    NaiveTime => Shape::Text("naive-time"), MapKey;
    NaiveDateTime => Shape::Text("naive-date-time"), MapKey;
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
