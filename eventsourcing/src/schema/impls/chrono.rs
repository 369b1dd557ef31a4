//! The crate `chrono`.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday};

use super::shapes;
use crate::schema::{MapKey, Origin, Schema, Shape, Tagging, Variant};

impl<Tz: TimeZone> Schema for DateTime<Tz> {
    const SHAPE: Shape = Shape::Text("date-time");
}

impl<Tz: TimeZone> MapKey for DateTime<Tz> {}

shapes! {
    NaiveDate => Shape::Text("date"), MapKey;
    NaiveTime => Shape::Text("local-time"), MapKey;
    NaiveDateTime => Shape::Text("local-date-time"), MapKey;
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
    Variant { name, aliases: &[], shape: Shape::Null, other: false, origin: Origin::UNKNOWN }
}
