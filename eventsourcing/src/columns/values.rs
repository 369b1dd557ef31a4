//! Numbers and texts of columns as the values they stand for. The tables refuse all others, so one of those is damage.

use crate::{
    port::StoreError,
    vocabulary::{GlobalPosition, SchemaVersion, StreamVersion, Tag},
};

pub(crate) fn tag(text: &str) -> Result<Tag, StoreError> {
    Tag::new(text).map_err(|error| corrupt(error.to_string()))
}

pub(crate) fn schema_version(number: i64) -> Result<SchemaVersion, StoreError> {
    let version = u16::try_from(number).ok().and_then(SchemaVersion::new);
    version.ok_or_else(|| corrupt(format!("schema version {number}")))
}

pub(crate) fn stream_version(number: i64) -> Result<StreamVersion, StoreError> {
    StreamVersion::new(number).ok_or_else(|| corrupt(format!("stream version {number}")))
}

pub(crate) fn global_position(number: i64) -> Result<GlobalPosition, StoreError> {
    GlobalPosition::new(number).ok_or_else(|| corrupt(format!("position {number}")))
}

fn corrupt(problem: String) -> StoreError {
    StoreError::Corrupt { problem }
}
