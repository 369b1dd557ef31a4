//! Port: how far a named consumer has come, and which events it is of.

use std::time::Duration;

use super::{
    error::StoreError,
    transactions::{Transactions, Via},
};
use crate::vocabulary::{EventId, GlobalPosition, SchemaVersion, Tag};

/// Keeps how far each consumer has come.
pub trait Checkpoints: Transactions {
    /// The checkpoint of a named consumer; a consumer that never had one stands before the first event.
    fn checkpoint(&self, name: &str) -> impl Future<Output = Result<Checkpoint, StoreError>> + Send;

    /// What a consumer is to know before it begins.
    ///
    /// # Errors
    ///
    /// [`StoreError::CheckpointDiverged`] when another event than the one that was handled stands at the checkpoint.
    fn consumer(&self, name: &str) -> impl Future<Output = Result<Consumer, StoreError>> + Send;

    /// Declares what a consumer is and which tags it takes, in place of what was declared before, if its checkpoint still
    /// stands where the caller last saw it; `None` when another worker has moved it or is about to, and then nothing has
    /// changed.
    ///
    /// It raises the token, so that workers that have not seen the declaration move the checkpoint no more. Never waits
    /// for another worker.
    fn declare<'a>(
        &'a self,
        name: &'a str,
        seen: Checkpoint,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> impl Future<Output = Result<Option<Checkpoint>, StoreError>> + Send + 'a;

    /// Moves the checkpoint of a declared consumer within a transaction, if it still stands where the caller last saw it, and the log still holds
    /// what was handled; `false` when another worker has moved it or is about to, and then nothing has changed.
    ///
    /// Until the transaction ends, others that move the same checkpoint are told `false`. Never waits for them.
    fn advance<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        name: &'a str,
        seen: Checkpoint,
        progress: Progress,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send + 'a;

    /// Puts a checkpoint before the first event, declares what its consumer is and which tags it takes from then on, and
    /// raises the token. Waits for a worker that is moving the checkpoint.
    fn reset<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        name: &'a str,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> impl Future<Output = Result<(), StoreError>> + Send + 'a;
}

/// How far a named consumer has durably come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Checkpoint {
    /// The last position that it has handled; `None` before the first event.
    pub position: Option<GlobalPosition>,
    /// The fencing token: raised by each reset and each declaration, so that a worker from before it can move nothing any
    /// more.
    pub token: i64,
}

impl Checkpoint {
    /// Of a consumer that never had one.
    pub const START: Self = Self::new(None, 0);

    /// A checkpoint at a position.
    pub const fn new(position: Option<GlobalPosition>, token: i64) -> Self {
        Self { position, token }
    }
}

/// What a store knows of a named consumer: what a worker is to see before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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

impl Consumer {
    /// A consumer at a checkpoint, which reads on from there, and of which nothing is declared.
    pub const fn new(checkpoint: Checkpoint) -> Self {
        Self { checkpoint, resume: checkpoint.position, kind: None, declared: None }
    }

    /// From where to read on.
    pub const fn resume(mut self, after: Option<GlobalPosition>) -> Self {
        self.resume = after;
        self
    }

    /// What kind of consumer it has been declared to be.
    pub fn kind(mut self, kind: Option<String>) -> Self {
        self.kind = kind;
        self
    }

    /// The tags that have been declared.
    pub fn declared(mut self, declared: Option<Vec<DeclaredTag>>) -> Self {
        self.declared = declared;
        self
    }
}

/// A tag that a consumer takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeclaredTag {
    /// The name of the event type.
    pub tag: Tag,
    /// The newest schema version that the consumer reads.
    pub version: SchemaVersion,
    /// Up to where the consumer passed over such events, before it knew them; `None` when it has seen all of them.
    pub after: Option<GlobalPosition>,
}

impl DeclaredTag {
    /// A tag of which the consumer has seen all events, up to this version.
    pub const fn new(tag: Tag, version: SchemaVersion) -> Self {
        Self { tag, version, after: None }
    }

    /// Up to where the consumer passed over such events.
    pub const fn after(mut self, position: Option<GlobalPosition>) -> Self {
        self.after = position;
        self
    }
}

/// Where a consumer has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Everything up to here has been handled or passed over.
    pub position: GlobalPosition,
    /// The last event that was handled on the way, if any: the log must still hold it.
    pub last: Option<(GlobalPosition, EventId)>,
    /// After how long without a statement the database is to end the transaction that this is a part of: its worker has
    /// vanished then, and others are to get their turn. As the database is set, when there is none.
    pub abandoned_after: Option<Duration>,
}

impl Progress {
    /// A move to a position, over events that are not the consumer's.
    pub const fn new(position: GlobalPosition) -> Self {
        Self { position, last: None, abandoned_after: None }
    }

    /// The last event that was handled on the way.
    pub const fn last(mut self, last: Option<(GlobalPosition, EventId)>) -> Self {
        self.last = last;
        self
    }

    /// After how long without a statement the transaction counts as abandoned.
    pub const fn abandoned_after(mut self, silence: Option<Duration>) -> Self {
        self.abandoned_after = silence;
        self
    }
}
