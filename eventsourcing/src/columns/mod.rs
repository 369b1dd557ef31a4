//! Floor 2b: what every adapter writes into its columns in the same form, and reads out of them. Knows no database.

mod declared;
mod metadata;
mod payload;
mod repetition;
mod values;

pub(crate) use self::{
    declared::{decode_declared, encode_declared},
    metadata::{decode_metadata, encode_metadata},
    payload::{event_ids, not_json},
    repetition::{Found, conflict, encode_expected, repetition, start},
    values::{global_position, schema_version, stream_version, tag},
};
