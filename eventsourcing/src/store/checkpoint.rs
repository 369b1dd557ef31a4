//! Port: how far a named consumer has come, and which events it is of.

use std::time::Duration;

use crate::{
    position::GlobalPosition,
    record::{EventId, SchemaVersion, Tag},
};

/// How far a named consumer has durably come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct Checkpoint {
    /// The last position that it has handled; `None` before the first event.
    pub position: Option<GlobalPosition>,
    /// The fencing token: raised by each reset and each declaration, so that a worker from before it can move nothing any
    /// more.
    pub token: i64,
}

/// What a store knows of a named consumer: what a worker is to see before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct Consumer {
    /// How far it has come.
    pub checkpoint: Checkpoint,
    /// From where to read on: the checkpoint, or the last event before it when those up to it have been erased. A
    /// checkpoint beyond every position that the log has handed out stays what it is; no subscription begins there.
    pub resume: Option<GlobalPosition>,
    /// What kind of consumer it is; `None` when nobody has declared it.
    pub kind: Option<String>,
    /// The tags that it takes, in the order of their names; `None` when nobody has declared them.
    pub declared: Option<Vec<DeclaredTag>>,
}

/// A tag that a consumer takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct DeclaredTag {
    /// The name of the event type.
    pub tag: Tag,
    /// The newest schema version that the consumer reads.
    pub version: SchemaVersion,
    /// Up to where the consumer passed over such events, before it knew them; `None` when it has seen all of them.
    pub after: Option<GlobalPosition>,
}

/// Where a consumer has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
pub struct Progress {
    /// Everything up to here has been handled or passed over.
    pub position: GlobalPosition,
    /// The last event that was handled on the way, if any: the log must still hold it.
    pub last: Option<(GlobalPosition, EventId)>,
    /// After how long without a statement the database is to end the transaction that this is a part of: its worker has
    /// vanished then, and others are to get their turn. As the database is set, when there is none.
    pub abandoned_after: Option<Duration>,
}
