//! Writing. Passes everything on to `serde_json`, and refuses what would not come back.
//!
//! The errors of a `Serializer` hold text only, so what was refused, and where, goes through the [`PathTracker`] beside it.
//! The path is put together while the error passes upwards; nothing is allocated for it before there is one.

mod compound;
mod parts;
mod tracker;
mod values;

use serde::Serialize;

use crate::codec::error::EncodeError;
use parts::{Checked, Role};
use tracker::PathTracker;

pub(super) fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, EncodeError> {
    written(value, PathTracker::default()).map(|(text, _)| text)
}

/// The text, and the keys that flattened maps have added to the fields of objects.
pub(super) fn with_merged_keys<T: Serialize + ?Sized>(value: &T) -> Result<(Vec<u8>, Vec<String>), EncodeError> {
    written(value, PathTracker::default()).map(|(text, tracker)| (text, tracker.into_merged()))
}

/// The error that tells where a flattened map has this key.
pub(super) fn place_of_merged<T: Serialize + ?Sized>(value: &T, key: &str) -> EncodeError {
    let otherwise = |_| EncodeError::KeyOfField { path: ".".to_owned() };
    written(value, PathTracker::without(key)).map_or_else(|error| error, otherwise)
}

fn written<T: Serialize + ?Sized>(value: &T, tracker: PathTracker) -> Result<(Vec<u8>, PathTracker), EncodeError> {
    let mut text = Vec::with_capacity(128);
    let json = &mut serde_json::Serializer::new(&mut text);
    match value.serialize(Checked { inner: json, tracker: &tracker, role: Role::Value }) {
        Ok(()) => Ok((text, tracker)),
        Err(source) => Err(tracker.into_error(source)),
    }
}
