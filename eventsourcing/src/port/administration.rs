//! Port: what those who run a store ask of it.

use std::time::Duration;

use super::{error::StoreError, transactions::Transactions};
use crate::vocabulary::{GlobalPosition, SchemaVersion, Tag};

/// Says what is in a store, and who is writing to it.
pub trait Administration: Transactions {
    /// The types of events that committed appends have stored, each version once, ordered by tag and version.
    ///
    /// Appends keep the list, so that giving it costs the same however long the log is. What has been rolled back is not in
    /// it; what a transaction stores is from its commit on.
    fn stored_types(&self) -> impl Future<Output = Result<Vec<StoredType>, StoreError>> + Send;

    /// The transactions that have written to the log and not ended: what the newest events may be waiting for.
    fn blockers(&self) -> impl Future<Output = Result<Vec<Blocker>, StoreError>> + Send;
}

/// A type of event that the store holds, in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StoredType {
    /// The name of the event type.
    pub tag: Tag,
    /// The shape in which it is stored.
    pub schema_version: SchemaVersion,
    /// Where the first such event stands.
    pub first_position: GlobalPosition,
}

impl StoredType {
    /// A type whose first event stands at this position.
    pub const fn new(tag: Tag, schema_version: SchemaVersion, first_position: GlobalPosition) -> Self {
        Self { tag, schema_version, first_position }
    }
}

/// A transaction that has written to the log and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocker {
    /// The server process; `None` for a prepared transaction.
    pub pid: Option<i32>,
    /// The application name of its session, when it has said one.
    pub application_name: Option<String>,
    /// How long its transaction has run; `None` when the role may not see it (`pg_monitor` may).
    pub age: Option<Duration>,
    /// Its latest statement; `None` when the role may not see it (`pg_monitor` may).
    pub query: Option<String>,
    /// The name of a prepared transaction: `COMMIT PREPARED` or `ROLLBACK PREPARED` ends it.
    pub prepared: Option<String>,
}

impl Blocker {
    /// A blocker of which nothing is known yet but its process.
    pub fn new(pid: Option<i32>) -> Self {
        Self { pid, application_name: None, age: None, query: None, prepared: None }
    }
}
