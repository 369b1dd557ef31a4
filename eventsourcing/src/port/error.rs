//! Port: how a store can fail, whatever is asked of it.

use std::{error::Error, sync::Arc, time::Duration};

use crate::{schema::SharedName, vocabulary::GlobalPosition};

/// What a driver said. Shared, because one failure of the tail reaches many subscribers.
type Source = Arc<dyn Error + Send + Sync>;

/// How a store can fail, whatever is asked of it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database gave up a transaction in favour of another one (40001, 40P01): do it again from its beginning.
    #[error("the database rolled the transaction back in favour of a concurrent one; run it again")]
    Serialization {
        /// What the database said.
        source: Source,
    },
    /// The database cancelled the statement: a time-out of its own (`statement_timeout`, `lock_timeout`), or somebody who
    /// may. Nothing of it has been stored.
    #[error("the database cancelled the statement; nothing of it has been stored")]
    Cancelled {
        /// What the database said.
        source: Source,
    },
    /// The database cannot be reached, or the connection was lost. An append may or may not have happened.
    #[error("the database cannot be reached")]
    Unavailable {
        /// What the driver said.
        source: Source,
    },
    /// No connection of the pool became free in time. Nothing was sent.
    #[error(
        "all {connections} connections of the pool stayed in use, so nothing was sent; allow more of them, or hold them \
         for a shorter time"
    )]
    PoolExhausted {
        /// How many connections the pool has.
        connections: u32,
    },
    /// Somebody else was writing to the database for as long as this was ready to wait: another process, or a transaction of
    /// this one that is still open. Nothing has been stored.
    #[error(
        "somebody else has been writing to the database for {waited:?}, so nothing has been stored; run it again, and keep \
         transactions short"
    )]
    Locked {
        /// How long this has waited.
        waited: Duration,
    },
    /// The caller's transaction has begun as one that reads, and cannot write any more: somebody else is writing, or has
    /// written since it first read. Roll it back, and begin it as one that writes.
    #[error(
        "the transaction began as DEFERRED, and others write or have written since, so it cannot write; begin it with \
         `BEGIN IMMEDIATE`"
    )]
    DeferredTransaction {
        /// What the database said.
        source: Source,
    },
    /// There is no room for what was to be stored. Nothing of it has been.
    #[error("the disk is full, so nothing has been stored")]
    DiskFull {
        /// What the database said.
        source: Source,
    },
    /// The file is not one of a store: it is of another program, or no database at all.
    #[error("the file `{path}` is not that of a store: {problem}")]
    OtherFile {
        /// Where it is.
        path: String,
        /// What it is instead.
        problem: String,
    },
    /// The file of the store was deleted, or another one has taken its place, while the store had it open. What is in the
    /// place now is what the store goes on with; this was not stored.
    #[error("the file `{path}` was deleted or replaced while the store had it open, so nothing has been stored")]
    FileReplaced {
        /// Where it is.
        path: String,
    },
    /// A statement of this transaction has failed, so the database will only roll it back (25P02). Nothing of it is or will
    /// be stored.
    #[error(
        "the transaction was aborted by a statement in it that failed, so nothing of it is stored; begin it again, or go \
         back to a savepoint after a failure that is expected"
    )]
    TransactionAborted,
    /// No transaction was open any more when it was to be committed (25P01): somebody has ended it on its connection.
    #[error(
        "the transaction had already ended on its connection, so it cannot be committed; begin and end savepoints to \
         their end, and send no `commit` or `rollback` of your own"
    )]
    TransactionEnded,
    /// The store's tables are not there, or not as this release needs them.
    #[error("the store's schema `{schema}` is not ready: {problem}")]
    Schema {
        /// The database schema of the store.
        schema: String,
        /// What is missing or different, and what to do.
        problem: String,
    },
    /// The database is not set up as the guarantees need it.
    #[error("the database is not fit for this store: {problem}")]
    Unfit {
        /// What is wrong, and what to change.
        problem: String,
    },
    /// The caller's transaction runs with `synchronous_commit = off`, with which a crash could hand out positions again
    /// that readers have already seen.
    #[error(
        "events cannot be appended with `synchronous_commit = off`; set it to `local` or higher for this transaction"
    )]
    SynchronousCommitOff,
    /// The database is a standby: it cannot say which transactions are still in flight on its primary.
    #[error("the database is a standby, on which a reader could miss events; connect to the primary")]
    Standby,
    /// The database, or the transaction, takes no writes (25006): a standby, a transaction that only reads, a file without
    /// the right to write it.
    #[error("the database is read-only here: connect to the primary, in a transaction that may write")]
    ReadOnly,
    /// The sequence of positions is behind the log, after a restore by hand: what is appended would stand where readers
    /// have been already, and they would never see it. Nothing has been stored.
    #[error(
        "the next event would get position {position}, but the log has reached {log}; nothing has been stored: the \
         sequence of positions is behind the log, and `repair()` sets it right"
    )]
    SequenceBehind {
        /// The position that an event would have got.
        position: i64,
        /// Up to where the log has been seen.
        log: i64,
    },
    /// A position lies beyond the log: the database has been restored to, or has failed over to, an earlier state.
    #[error(
        "the checkpoint {checkpoint} is ahead of the log, which ends at {}; the database may have been restored from a \
         backup: decide where to resume and reset the checkpoint",
        end.map_or_else(|| "its beginning".to_owned(), |end| end.to_string())
    )]
    CheckpointAhead {
        /// The position from which reading was to resume.
        checkpoint: GlobalPosition,
        /// The last position of the log.
        end: Option<GlobalPosition>,
    },
    /// Another event stands at a position than the one that was read there: the database has been restored to, or has
    /// failed over to, an earlier state, and has gone on from there.
    #[error(
        "the event at position {checkpoint} is not the one that was read there; the database may have failed over to \
         an earlier state and gone on: decide where to resume and reset the checkpoint"
    )]
    CheckpointDiverged {
        /// The position from which reading was to resume.
        checkpoint: GlobalPosition,
    },
    /// Two packages of this program have event types with one tag, or with one prefix, and the store has met both. Nothing
    /// has been read or stored.
    #[error(transparent)]
    SharedName(Box<SharedName>),
    /// A stored row is not one that this store writes.
    #[error("the store holds a row that no release has written: {problem}")]
    Corrupt {
        /// What is wrong with it.
        problem: String,
    },
    /// Another error of the database.
    #[error("the database reports an error")]
    Database {
        /// What the database said.
        source: Source,
    },
}

impl StoreError {
    /// Whether the same can be expected to succeed when it is run again from its beginning.
    pub fn is_retriable(&self) -> bool {
        matches!(
            self,
            Self::Serialization { .. }
                | Self::Cancelled { .. }
                | Self::Unavailable { .. }
                | Self::PoolExhausted { .. }
                | Self::Locked { .. }
                | Self::DeferredTransaction { .. }
        )
    }

    /// Whether it passes by itself, or when somebody sees to it: what is [retriable](Self::is_retriable), what is seen during
    /// a failover before the connections lead to the new primary, a full disk, a file that was moved away. A background
    /// task waits it out.
    pub fn is_transient(&self) -> bool {
        self.is_retriable()
            || matches!(self, Self::Standby | Self::ReadOnly | Self::DiskFull { .. } | Self::FileReplaced { .. })
    }
}
