//! Port: cached states of aggregates.

use super::stored::Stored;
use crate::vocabulary::{EventId, StreamId, StreamVersion};

/// Which code a snapshot fits: one with another key is as good as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SnapshotKey {
    /// The version of the fold, raised by the author of the aggregate when `apply` changes its meaning.
    pub version: u32,
    /// The fingerprint of the state's schema, nested types included.
    pub fingerprint: u64,
}

impl SnapshotKey {
    /// The key of a version of the fold, over a state with this fingerprint.
    pub const fn new(version: u32, fingerprint: u64) -> Self {
        Self { version, fingerprint }
    }
}

/// The state of a stream, to be stored.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Snapshot {
    /// The stream.
    pub stream_id: StreamId,
    /// Which code it fits.
    pub key: SnapshotKey,
    /// The version of the last event in the state.
    pub version: StreamVersion,
    /// The id of that event, without which the state counts for nothing.
    pub event_id: EventId,
    /// The state as JSON text.
    pub state: Vec<u8>,
}

impl Snapshot {
    /// The state of a stream after the event with this version and id.
    pub const fn new(
        stream_id: StreamId,
        key: SnapshotKey,
        version: StreamVersion,
        event_id: EventId,
        state: Vec<u8>,
    ) -> Self {
        Self { stream_id, key, version, event_id, state }
    }
}

/// What loading a stream yields: at most one snapshot, first, then the events after it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Loaded<P> {
    /// The state of the stream at a version.
    Snapshot {
        /// The version of the last event in the state.
        version: StreamVersion,
        /// The state as JSON text.
        state: P,
    },
    /// An event after the snapshot.
    Event(Stored<P>),
}
