//! What the events that are in a stream already say of an append to it.

use uuid::Uuid;

use crate::{
    port::{AppendError, Appended, VersionConflict},
    vocabulary::{ExpectedVersion, GlobalPosition, StreamId, StreamVersion},
};

/// An event of the append that is already in the stream.
pub(crate) struct Found {
    pub(crate) version: StreamVersion,
    pub(crate) position: GlobalPosition,
    pub(crate) event_id: Uuid,
}

/// The expectation as a number: a version, 0 for no stream, -1 for any, and -2 for a stream that is there.
pub(crate) fn encode_expected(expected: ExpectedVersion) -> i64 {
    match expected {
        ExpectedVersion::Any => -1,
        ExpectedVersion::StreamExists => -2,
        ExpectedVersion::NoStream => 0,
        ExpectedVersion::Exact(version) => version.get(),
    }
}

/// The version after which the events stand, where the expectation says it.
pub(crate) fn start(expected: ExpectedVersion) -> Option<i64> {
    match expected {
        ExpectedVersion::Exact(version) => Some(version.get()),
        ExpectedVersion::NoStream => Some(0),
        ExpectedVersion::Any | ExpectedVersion::StreamExists => None,
    }
}

/// What an append comes to of whose events some were found: the first result again, if just these events stand in the
/// stream in just this order, at the place they were meant for. `None` when none was found.
pub(crate) fn repetition(
    stream_id: &StreamId,
    expected: ExpectedVersion,
    ids: &[Uuid],
    found: &[Found],
) -> Option<Result<Appended, AppendError>> {
    let (first, last) = (found.first()?, found.last()?);
    let start = start(expected).unwrap_or_else(|| first.version.get() - 1);
    let complete = found.len() == ids.len()
        && found
            .iter()
            .zip(ids)
            .zip(start + 1..)
            .all(|((found, id), version)| found.event_id == *id && found.version.get() == version);
    Some(if complete {
        Ok(Appended::at(last.version, last.position))
    } else {
        Err(AppendError::IdempotencyMismatch { stream_id: stream_id.clone(), event_id: first.event_id.into() })
    })
}

pub(crate) fn conflict(stream_id: &StreamId, expected: ExpectedVersion, actual: Option<StreamVersion>) -> AppendError {
    VersionConflict { stream_id: stream_id.clone(), expected, actual }.into()
}
