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

use serde::de::DeserializeOwned;
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
    read(payload, |payload| T::deserialize(payload))
}

/// A payload as the types that are read from it see it.
pub type PayloadReader<'a, 'de> = Reader<'a, &'a mut serde_json::Deserializer<SliceRead<'de>>>;

/// Reads a payload whole, by a function that takes it as a value.
pub(crate) fn read<T>(
    payload: &[u8],
    value_of: impl FnOnce(PayloadReader<'_, '_>) -> Result<T, serde_json::Error>,
) -> Result<T, PayloadError> {
    let mut json = serde_json::Deserializer::from_slice(payload);
    let place = Place::default();
    let source = match value_of(Reader::new(&mut json, &place)) {
        Ok(value) => match json.end() {
            Ok(()) => return Ok(value),
            Err(source) => source,
        },
        Err(source) => source,
    };
    Err(place.error(payload, source))
}
