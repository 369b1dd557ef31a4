//! Port: cached states of aggregates.

use crate::{position::StreamVersion, store::Stored};

/// Which code a snapshot fits: one with another key is as good as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
pub struct SnapshotKey {
    /// The version of the fold, raised by the author of the aggregate when `apply` changes its meaning.
    pub version: u32,
    /// The fingerprint of the state's schema, nested types included.
    pub fingerprint: u64,
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
