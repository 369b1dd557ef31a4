//! Reading. `serde_json` reads, and a [`Reader`] stands in between: it notes where an error arose, and gives numbers as
//! numbers.
//!
//! Whoever asks for a number without saying which gets, where something in the build turns on `arbitrary_precision` of
//! `serde_json`, a map with one magic key. serde asks like that whenever it must look at a value before it knows the type:
//! untagged and internally tagged enums, and flattened fields. Its typed readers know nothing of the magic.
//!
//! There is one reader for all payloads and all builds, because each one more is compiled once more for every event.

mod number;
mod place;
mod reader;
mod replay;

use serde::de::{DeserializeOwned, Error};
use serde_json::de::SliceRead;

use crate::codec::error::PayloadError;
use place::Place;
use reader::Reader;

/// The value whose JSON text this is.
///
/// # Errors
///
/// When it is not the JSON text of such a value, with the place where it is not.
///
/// # Example
///
/// ```
/// use eventsourcing::codec::json;
///
/// assert_eq!(json::from_slice::<(String, f64)>(br#"["a",0.1]"#).unwrap(), ("a".to_owned(), 0.1));
/// let error = json::from_slice::<(String, f64)>(br#"["a","b"]"#).unwrap_err();
/// assert_eq!(error.path, "[1]");
/// ```
pub fn from_slice<T: DeserializeOwned>(payload: &[u8]) -> Result<T, PayloadError> {
    let mut value = None;
    read(payload, &mut |payload| {
        value = Some(T::deserialize(payload)?);
        Ok(())
    })?;
    value.ok_or_else(|| PayloadError { path: ".".to_owned(), source: serde_json::Error::custom("nothing was read") })
}

/// A payload as the types that are read from it see it.
pub type Payload<'a, 'de> = Reader<'a, &'a mut serde_json::Deserializer<SliceRead<'de>>>;

/// Reads a payload whole. It is compiled once; what depends on the type that is read stands in `read_value`.
pub(crate) fn read(
    payload: &[u8],
    read_value: &mut dyn FnMut(Payload<'_, '_>) -> Result<(), serde_json::Error>,
) -> Result<(), PayloadError> {
    let mut json = serde_json::Deserializer::from_slice(payload);
    let place = Place::default();
    read_value(Reader::new(&mut json, &place)).and_then(|()| json.end()).map_err(|source| place.error(payload, source))
}
