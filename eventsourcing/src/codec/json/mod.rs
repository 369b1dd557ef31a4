//! JSON text of payloads: faithful or refused.
//!
//! What [`to_vec`] writes, [`from_slice`] reads back as the same value, whichever features of `serde_json` the rest of
//! the build turns on.

mod de;
pub(crate) mod path;
mod ser;

pub use super::depth::MAX_DEPTH;
#[doc(hidden)]
pub use de::PayloadReader;
pub use de::from_slice;
pub(crate) use de::read;

use serde::Serialize;

use crate::codec::error::EncodeError;

/// The JSON text of `value`, refusing what JSON or Postgres would not keep.
///
/// # Errors
///
/// A float which is not finite, U+0000 in a string or a key, more than [`MAX_DEPTH`] levels, a key written twice into
/// one object by a flattened field or beside an enum's tag, and a key that `serde_json` keeps for itself.
///
/// # Example
///
/// ```
/// use eventsourcing::codec::{EncodeError, json};
///
/// assert_eq!(json::to_vec(&("a", 0.1)).unwrap(), br#"["a",0.1]"#);
/// let error = json::to_vec(&("a", [1.0, f64::NAN])).unwrap_err();
/// assert_eq!(error.to_string(), "[1][1]: NaN is no JSON number; events hold finite floats only");
/// ```
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    ser::to_vec(value)
}

/// The JSON text of `value`, and the keys that flattened maps have added to the fields of objects, sorted.
pub(crate) fn with_merged_keys<T: Serialize + ?Sized>(value: &T) -> Result<(Vec<u8>, Vec<String>), EncodeError> {
    ser::with_merged_keys(value)
}

/// The error that tells where a flattened map of `value` has this key.
pub(crate) fn place_of_merged<T: Serialize + ?Sized>(value: &T, key: &str) -> EncodeError {
    ser::place_of_merged(value, key)
}

/// The keys that flattened maps have in a value which has been read again; what cannot be written has none.
pub(crate) fn merged_keys<T: Serialize + ?Sized>(value: &T) -> Vec<String> {
    with_merged_keys(value).map(|(_, keys)| keys).unwrap_or_default()
}

/// The first of these sorted keys that is not, or not as often, among the others.
pub(crate) fn first_missing<'a>(keys: &'a [String], others: &[String]) -> Option<&'a str> {
    let mut others = others.iter().peekable();
    keys.iter().map(String::as_str).find(|key| {
        while others.next_if(|other| other.as_str() < *key).is_some() {}
        others.next_if(|other| other.as_str() == *key).is_none()
    })
}
