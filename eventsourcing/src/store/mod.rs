//! Floor 2: the port between typed behaviour and the adapters. Knows nothing of any database or of JSON.
//!
//! An adapter implements [`Backend`] once, for everything a typed handle needs: appends in groups, reads,
//! snapshots, checkpoints, and a [`Tail`] that follows the log without missing a committed event. It sees
//! events in their stored form only.

mod append;
mod checkpoint;
mod error;
mod read;
mod snapshot;
mod stored_type;
mod tail;

use std::{error::Error, fmt, pin::Pin, time::Duration};

pub use append::{Append, AppendError, Appended, InvalidAppend, Limits, VersionConflict, check_group};
pub use checkpoint::{Checkpoint, Consumer, DeclaredTag, Progress};
pub use error::StoreError;
use futures_core::Stream;
pub use read::{Direction, Filter, LogQuery, Malformed, PAGE_BYTES, Page, Stored, StoredEvent, StreamQuery};
pub use snapshot::{Loaded, Snapshot, SnapshotKey};
pub use stored_type::StoredType;
pub use tail::{Blocker, Mark, Tail, TailPage, Timeline};

use crate::stream_id::StreamId;

/// A stream of results that an adapter reads.
pub type Rows<'a, T> = Pin<Box<dyn Stream<Item = Result<T, StoreError>> + Send + 'a>>;

/// Where a statement runs: on a connection of the store's own, or inside the caller's transaction.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters match on it")]
pub enum Via<'c, C> {
    /// On a connection of the store's own; the statement is its own transaction.
    Store,
    /// On this connection, within the transaction that is open on it.
    Caller(&'c mut C),
}

impl<C> Via<'_, C> {
    /// The same for one statement, so that another can follow.
    pub fn reborrow(&mut self) -> Via<'_, C> {
        match self {
            Self::Store => Via::Store,
            Self::Caller(connection) => Via::Caller(connection),
        }
    }
}

/// A database that stores events: what the typed handles ask of it.
///
/// The type itself is the marker that users name, as in `Projection<Postgres>`. It is a cheap handle.
pub trait Backend: Clone + fmt::Debug + Send + Sync + 'static {
    /// The connection on which callers and projections run statements of their own.
    type Connection: Send;
    /// A transaction that the store began; dropping it rolls it back.
    type Transaction: Send;
    /// Where the bytes of a read payload live: a shared buffer, the database driver's at best. Cheap to clone.
    type Payload: AsRef<[u8]> + Clone + fmt::Debug + Send + Sync + 'static;
    /// Follows the log.
    type Tail: Tail<Payload = Self::Payload>;

    /// The limits that appends are held to.
    fn limits(&self) -> Limits;

    /// How long the database may take to answer a statement of a background task, which gives the connection up then:
    /// nothing else notices a peer that has vanished without a word.
    fn answer_timeout(&self) -> Duration;

    /// Appends to each stream what is meant for it, in one statement and, where nothing raced, one round trip.
    ///
    /// The results are in the order of `appends`; each append is atomic and has its own result, and those that
    /// succeed do so together. No stream may occur twice. An expected conflict is a result, never a database
    /// error: a caller's transaction stays usable.
    ///
    /// Groups never wait for each other in a circle, whatever the order in which they name their streams. Transactions
    /// that append more than once may: then one of them is given up, with [`Serialization`](StoreError::Serialization).
    ///
    /// An append at one exact version, or at none, may be sent again by itself when its answer was lost: its events are
    /// found where they would stand.
    ///
    /// A dropped future leaves each append either wholly done or not at all; on the caller's connection it is for
    /// the caller to roll back.
    fn append<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        appends: &'a [Append],
    ) -> impl Future<Output = Result<Vec<Result<Appended, AppendError>>, StoreError>> + Send + 'a;

    /// Appends to each stream what is meant for it, all or nothing, in a transaction of its own.
    ///
    /// The error is that of the first append that was refused; nothing is stored then. In all else it is as
    /// [`append`](Self::append) is. A dropped future leaves either all of it or nothing.
    fn append_all<'a>(
        &'a self,
        appends: &'a [Append],
    ) -> impl Future<Output = Result<Vec<Appended>, AppendError>> + Send + 'a;

    /// A page of the events of one stream.
    fn read_stream<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        query: StreamQuery,
    ) -> impl Future<Output = Result<Page<Self::Payload>, StoreError>> + Send + 'a;

    /// A page of the events of all streams, as far as they are committed at the moment.
    fn read_log(&self, query: LogQuery) -> impl Future<Output = Result<Page<Self::Payload>, StoreError>> + Send + '_;

    /// The newest snapshot that has this key, if any, and the events after it, from one statement.
    ///
    /// A snapshot counts only where the event stands at its version to which it was folded: one that is ahead of the
    /// stream, or of other events, is as good as none.
    fn load<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        stream_id: &'a StreamId,
        snapshot: Option<SnapshotKey>,
    ) -> Rows<'a, Loaded<Self::Payload>>;

    /// Stores the state of a stream at a version, in place of an older snapshot, or of one that does not count; a newer one
    /// stays. Nothing is stored when the event of the snapshot is not there.
    ///
    /// A dropped future leaves the old snapshot or the new one; in the caller's transaction it is for the caller to roll
    /// back.
    fn save_snapshot<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        snapshot: &'a Snapshot,
    ) -> impl Future<Output = Result<(), StoreError>> + Send + 'a;

    /// Opens a tail of the log on a connection of its own.
    fn tail(&self) -> impl Future<Output = Result<Self::Tail, StoreError>> + Send;

    /// Says that the log has grown, to the other processes that follow it. A hint: it returns at once, may be
    /// debounced, and nothing depends on its arrival.
    fn announce(&self);

    /// The types of events that committed appends have stored, each version once, ordered by tag and version.
    ///
    /// Appends keep the list, so that giving it costs the same however long the log is. What has been rolled back is not in
    /// it; what a transaction stores is from its commit on.
    fn stored_types(&self) -> impl Future<Output = Result<Vec<StoredType>, StoreError>> + Send;

    /// The transactions that have written to the log and not ended: what the newest events may be waiting for.
    fn blockers(&self) -> impl Future<Output = Result<Vec<Blocker>, StoreError>> + Send;

    /// Begins a transaction.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send;

    /// The connection on which a transaction is open.
    fn connection(transaction: &mut Self::Transaction) -> &mut Self::Connection;

    /// Commits: `Ok` means that the database has committed, and a transaction that it has aborted is an error. A dropped
    /// future leaves the transaction either committed or rolled back.
    fn commit(transaction: Self::Transaction) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Rolls back.
    fn rollback(transaction: Self::Transaction) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Whether a connection still answers: tells a fault of the connection from a fault of a statement.
    fn is_alive(connection: &mut Self::Connection) -> impl Future<Output = bool> + Send;

    /// Whether a fault of the database that passes by itself is the cause of an error, however deep it stands below it:
    /// what a projection's own statements report is tried again then.
    fn is_transient(error: &(dyn Error + 'static)) -> bool;

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
