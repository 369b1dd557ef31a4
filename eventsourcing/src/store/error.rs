//! Port: how a store can fail, whatever is asked of it.

use std::{error::Error, sync::Arc};

use crate::position::GlobalPosition;

/// What a driver said. Shared, because one failure of the tail reaches many subscribers.
type Source = Arc<dyn Error + Send + Sync>;

/// How a store can fail, whatever is asked of it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database gave up a transaction in favour of another one (40001, 40P01): do it again from its beginning.
    #[error("the database rolled the transaction back in favour of a concurrent one; run it again: {source}")]
    Serialization {
        /// What the database said.
        source: Source,
    },
    /// The database cannot be reached, or the connection was lost. An append may or may not have happened.
    #[error("the database cannot be reached: {source}")]
    Unavailable {
        /// What the driver said.
        source: Source,
    },
    /// The store's tables are not there, or not as this release needs them.
    #[error(
        "the store's schema `{schema}` is not ready: {problem}; run `migrate()` with a role that may create tables"
    )]
    Schema {
        /// The database schema of the store.
        schema: String,
        /// What is missing or different.
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
    /// A position lies beyond the log: the database has been restored to, or has failed over to, an earlier state.
    #[error(
        "the checkpoint {checkpoint} is ahead of the log, which ends at {}; the database may have been restored from a \
         backup: decide where to resume and reset the checkpoint",
        end.map_or_else(|| "its beginning".to_owned(), |end| end.to_string())
    )]
    CheckpointAhead {
        /// The position from which reading was to resume.
        checkpoint: GlobalPosition,
        /// The last position that the log has handed out.
        end: Option<GlobalPosition>,
    },
    /// A stored row is not one that this store writes.
    #[error("the store holds a row that no release has written: {problem}")]
    Corrupt {
        /// What is wrong with it.
        problem: String,
    },
    /// Another error of the database.
    #[error("the database reports an error: {source}")]
    Database {
        /// What the database said.
        source: Source,
    },
}

impl StoreError {
    /// Whether the same transaction can be expected to succeed when it is run again.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Serialization { .. } | Self::Unavailable { .. })
    }
}
