//! Floor 2: the port between typed behaviour and the adapters. Knows nothing of any database or of JSON.
//!
//! An adapter implements six small traits: [`Appends`], [`Reads`], [`Tails`], [`Checkpoints`], [`Administration`] and
//! [`Lists`], all over the [`Transactions`] of its database. Together they are a [`Backend`], which is what the typed handles ask for. An adapter
//! sees events in their stored form only.

mod administration;
mod append;
mod consumers;
mod error;
mod lists;
mod reads;
mod snapshots;
mod stored;
mod tail;
mod transactions;

pub use administration::{Administration, Blocker, StoredType};
pub use append::{Append, AppendError, Appended, Appends, InvalidAppend, Limits, VersionConflict, check_group};
pub use consumers::{Checkpoint, Checkpoints, Consumer, DeclaredTag, Progress};
pub use error::StoreError;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) use lists::EVENTS_LOOKED_AT;
pub use lists::{
    CategoryQuery, CheckpointQuery, Listed, Lists, NamedCheckpoint, PageLimit, StreamOrder, StreamSummary, StreamsQuery,
};
pub use reads::{Direction, Filter, LogQuery, PAGE_BYTES, Page, Reads, Rows, StreamQuery};
pub use snapshots::{Loaded, Snapshot, SnapshotKey};
pub use stored::{Malformed, Stored, StoredEvent};
pub use tail::{Mark, Tail, TailPage, Tails, Timeline};
pub use transactions::{Transactions, Via};

/// A database that stores events: all that the typed handles ask of it. Whatever has its parts is one.
pub trait Backend: Appends + Tails + Checkpoints + Administration + Lists {}

impl<B: Appends + Tails + Checkpoints + Administration + Lists> Backend for B {}
