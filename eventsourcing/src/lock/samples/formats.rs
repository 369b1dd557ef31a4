//! Values of formats that are more than text.

use super::json::Json;
use crate::schema::Shape;

/// Values of an object in a named format; `None` when they are those of its shape.
pub(super) fn in_format(format: &str, inner: &Shape) -> Option<Vec<Json>> {
    // Nanoseconds of a second or more are refused, or carried over.
    match (format, inner) {
        ("duration", _) => Some(moments("secs", "nanos")),
        ("system-time", _) => Some(moments("secs_since_epoch", "nanos_since_epoch")),
        // A lock of an older release: it may have been one of the two.
        ("", Shape::Struct { fields, .. }) => {
            let has = |key: &str| fields.iter().any(|field| field.name == key);
            let format = [("secs", "duration"), ("secs_since_epoch", "system-time")];
            let (_, format) = format.into_iter().find(|(key, _)| has(key))?;
            in_format(format, inner)
        }
        _ => None,
    }
}

fn moments(seconds: &str, rest: &str) -> Vec<Json> {
    // The last second of the year 9999.
    let pairs = [(253_402_300_799_u64, 999_999_999_u32), (0, 0), (1, 1), (0, 999_999_999)];
    pairs
        .map(|(whole, part)| {
            Json::Object(vec![(seconds.to_owned(), Json::number(whole)), (rest.to_owned(), Json::number(part))])
        })
        .into()
}
