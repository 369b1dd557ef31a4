//! Writing. Passes everything on to `serde_json`, and refuses what would not come back.
//!
//! The errors of a `Serializer` hold text only, so what was refused, and where, goes through the [`Trail`] beside it.
//! The path is put together while the error passes upwards; nothing is allocated for it before there is one.

mod compound;
mod parts;
mod trail;
mod values;

use serde::Serialize;

use crate::codec::error::EncodeError;
use parts::{Faithful, Role};
use trail::Trail;

pub(super) fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    written(value, Trail::default()).map(|(text, _)| text)
}

/// The text, and the keys that flattened maps have added to the fields of objects.
pub(super) fn with_merged_keys<T: Serialize + ?Sized>(value: &T) -> Result<(Vec<u8>, Vec<String>), EncodeError> {
    written(value, Trail::default()).map(|(text, trail)| (text, trail.into_merged()))
}

/// The error that tells where a flattened map has this key.
pub(super) fn place_of_merged<T: Serialize + ?Sized>(value: &T, key: &str) -> EncodeError {
    let otherwise = |_| EncodeError::KeyOfField { path: ".".to_owned() };
    written(value, Trail::without(key)).map_or_else(|error| error, otherwise)
}

fn written<T: Serialize + ?Sized>(value: &T, trail: Trail) -> Result<(Vec<u8>, Trail), EncodeError> {
    let mut text = Vec::with_capacity(128);
    let json = &mut serde_json::Serializer::new(&mut text);
    match value.serialize(Faithful { inner: json, trail: &trail, role: Role::Value }) {
        Ok(()) => Ok((text, trail)),
        Err(source) => Err(trail.into_error(source)),
    }
}
