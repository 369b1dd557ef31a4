//! JSON text of payloads: faithful or refused.

use serde::{Serialize, de::DeserializeOwned};

use crate::codec::{EncodeError, PayloadError};

/// The JSON text of `value`, refusing what JSON or Postgres would not keep: non-finite floats and U+0000.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    serde_json::to_vec(value).map_err(|source| EncodeError::Serialize { path: ".".to_owned(), source })
}

/// The value whose JSON text this is, or where it is not.
pub fn from_slice<T: DeserializeOwned>(payload: &[u8]) -> Result<T, PayloadError> {
    serde_json::from_slice(payload).map_err(|source| PayloadError { path: ".".to_owned(), source })
}
