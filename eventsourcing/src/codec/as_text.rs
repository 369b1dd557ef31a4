//! For `#[serde(with = "eventsourcing::codec::as_text")]`: a value as the text that `Display` writes and `FromStr` reads.
//!
//! It is the way to store integers of 128 bits, which not every reader of JSON keeps as numbers.
//!
//! ```
//! use eventsourcing::Event;
//!
//! #[derive(Debug, PartialEq, Event)]
//! #[event(tag = "token.minted")]
//! struct Minted {
//!     #[serde(with = "eventsourcing::codec::as_text")]
//!     wei: u128,
//! }
//!
//! let stored = Minted { wei: u128::MAX }.encode()?;
//! assert_eq!(stored.payload, br#"{"wei":"340282366920938463463374607431768211455"}"#);
//! # Ok::<(), eventsourcing::codec::EncodeError>(())
//! ```

use std::{fmt::Display, str::FromStr};

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Writes the text.
///
/// # Errors
///
/// Those of the serializer.
pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads the text.
///
/// # Errors
///
/// When there is no string, or it is not the text of such a value.
pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}
