//! Port: cached states of aggregates.

use super::stored::Stored;
use crate::vocabulary::{EventId, StreamId, StreamVersion};

/// Which code a snapshot fits: one with another key is as good as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
pub struct SnapshotKey {
    /// The version of the fold, raised by the author of the aggregate when `apply` changes its meaning.
    pub version: u32,
    /// The fingerprint of the state's schema, nested types included.
    pub fingerprint: u64,
}

/// The state of a stream, to be stored.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
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

/// What loading a stream yields: at most one snapshot, first, then the events after it.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters build it")]
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
