//! Floor 3a: the Postgres adapter. It sees encoded events, and knows nothing of event types or typed handles.

mod append;
mod blockers;
mod checkpoint;
mod connection;
mod driver;
mod error;
mod event_types;
mod mark;
mod migrate;
mod mutants;
mod options;
mod page;
mod read;
mod repair;
mod rows;
mod snapshot;
mod sql;
mod tail;
mod transaction;
mod wake;

use std::{error::Error, sync::Arc, time::Duration};

use connection::Link;
use error::store_error;
pub use migrate::MIGRATIONS;
pub use options::PgOptions;
pub use rows::PgPayload;
use sql::{SchemaName, Statements};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
pub use tail::PgTail;
use tokio::time::timeout;
pub use transaction::PgStoreTransaction;
use wake::{Announcer, channel};

use crate::{
    store::{
        Append, AppendError, Appended, Backend, Blocker, Checkpoint, Consumer, DeclaredTag, Limits, Loaded, LogQuery,
        Page, Progress, Rows, Snapshot, SnapshotKey, StoreError, StoredType, StreamQuery, Via,
    },
    stream_id::StreamId,
};

/// Events in Postgres: the adapter, and the marker that projections name.
///
/// A cheap handle. Its tables live in a schema of their own, so it shares a database with anything.
///
/// # Rights
///
/// Only [`migrate`](Self::migrate) needs a role that may create tables. For everything else these grants are enough:
///
/// ```sql
#[doc = include_str!("../../docs/grants.sql")]
/// ```
#[derive(Debug, Clone)]
pub struct Postgres {
    pool: PgPool,
    schema: SchemaName,
    sql: Arc<Statements>,
    options: Arc<PgOptions>,
    announcer: Arc<Announcer>,
    link: Arc<Link>,
    /// Whether the pool makes sure of its connections as they come back.
    is_own_pool: bool,
}

impl Postgres {
    /// Opens a pool of connections, at least one at once. Creates no tables: that is [`migrate`](Self::migrate).
    ///
    /// # Errors
    ///
    /// At once when nobody listens at that address, or the database refuses the connection.
    pub async fn connect(url: &str, options: PgOptions) -> Result<Self, StoreError> {
        let mut connect: PgConnectOptions = url.parse().map_err(store_error)?;
        if options.transaction_pooler {
            // The driver would ask for it while connecting, which such a pooler refuses.
            connect = connect.extra_float_digits(None);
        }
        let link = Arc::new(Link::proven(&connect).await?);
        let pool = connection::pool_options(&options, &link);
        let pool = pool.connect_with(connect).await.map_err(store_error)?;
        Ok(Self { link, is_own_pool: true, ..Self::with_options(pool, options)? })
    }

    /// A store on a pool of the caller's own, in the schema `eventsourcing`.
    ///
    /// Each statement costs a round trip more than with [`connect`](Self::connect), because somebody else may have left a
    /// connection of this pool inside a transaction; with the pool's `test_before_acquire` at its default, yet another one. An
    /// application that wants one pool for everything uses [`pool`](Self::pool) of a store that has connected by itself.
    pub fn new(pool: PgPool) -> Self {
        Self::in_schema(pool, SchemaName::default(), PgOptions::new())
    }

    /// The same, with other options; an error when the schema has an impossible name.
    pub fn with_options(pool: PgPool, options: PgOptions) -> Result<Self, StoreError> {
        let schema = SchemaName::new(&options.schema).ok_or_else(|| StoreError::Schema {
            schema: options.schema.clone(),
            problem: "a schema name has 1 to 63 bytes, no NUL, and does not begin with `pg_`".to_owned(),
        })?;
        Ok(Self::in_schema(pool, schema, options))
    }

    fn in_schema(pool: PgPool, schema: SchemaName, options: PgOptions) -> Self {
        Self {
            sql: Arc::new(Statements::new(&schema, options.prepared_statements)),
            announcer: Arc::new(Announcer::new(channel(&schema))),
            pool,
            schema,
            options: Arc::new(options),
            link: Arc::default(),
            is_own_pool: false,
        }
    }

    /// Creates or updates the store's tables, in its own schema. Runs on a connection of its own; safe to run from several
    /// processes at once, and to run again. Needs a role that may create tables there.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrate::migrate(self).await
    }

    /// Checks that the database is fit and the tables are those of this release: the server and its encoding, the
    /// migrations, that the log is immutable and outlives a crash, and that its sequence is not behind it. Changes nothing.
    pub async fn verify(&self) -> Result<(), StoreError> {
        migrate::verify(self).await
    }

    /// Sets the sequence of positions to the end of the log, where it is behind it: after a restore by hand, or of some
    /// tables only, when appends are refused with [`SequenceBehind`](StoreError::SequenceBehind). Changes nothing else, and
    /// nothing where the sequence is right.
    ///
    /// Needs the owner of the log. It waits for the transactions that are appending, and appends wait for it. A dropped
    /// future leaves the sequence as it was, or repaired.
    ///
    /// # Errors
    ///
    /// [`Database`](StoreError::Database) when the role does not own the tables.
    pub async fn repair(&self) -> Result<(), StoreError> {
        repair::repair(self).await
    }

    /// The pool of connections.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Every statement that runs on a migrated store, by name: for audits, and for preparing them in tests.
    pub fn statements(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.sql.all()
    }
}

impl Backend for Postgres {
    type Connection = PgConnection;
    type Transaction = PgStoreTransaction;
    type Payload = PgPayload;
    type Tail = PgTail;

    fn limits(&self) -> Limits {
        self.options.limits
    }

    fn answer_timeout(&self) -> Duration {
        self.options.answer_timeout
    }

    async fn append<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        appends: &'a [Append],
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        // Boxed, so that the futures of callers stay small.
        Box::pin(append::append(self, via, appends)).await
    }

    async fn append_all<'a>(&'a self, appends: &'a [Append]) -> Result<Vec<Appended>, AppendError> {
        Box::pin(append::append_all(self, appends)).await
    }

    async fn read_stream<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        query: StreamQuery,
    ) -> Result<Page<PgPayload>, StoreError> {
        read::stream(self, via, query).await
    }

    async fn read_log(&self, query: LogQuery) -> Result<Page<PgPayload>, StoreError> {
        read::log(self, query).await
    }

    fn load<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        stream_id: &'a StreamId,
        snapshot: Option<SnapshotKey>,
    ) -> Rows<'a, Loaded<PgPayload>> {
        snapshot::load(self, via, stream_id, snapshot)
    }

    async fn save_snapshot<'a>(&'a self, via: Via<'a, PgConnection>, snapshot: &'a Snapshot) -> Result<(), StoreError> {
        snapshot::save(self, via, snapshot).await
    }

    async fn tail(&self) -> Result<PgTail, StoreError> {
        tail::open(self).await
    }

    fn announce(&self) {
        if self.options.listen {
            self.announcer.announce(self);
        }
    }

    async fn stored_types(&self) -> Result<Vec<StoredType>, StoreError> {
        event_types::list(self).await
    }

    async fn blockers(&self) -> Result<Vec<Blocker>, StoreError> {
        blockers::read(self).await
    }

    async fn begin(&self) -> Result<PgStoreTransaction, StoreError> {
        transaction::begin(self).await
    }

    fn connection(transaction: &mut PgStoreTransaction) -> &mut PgConnection {
        transaction
    }

    async fn commit(transaction: PgStoreTransaction) -> Result<(), StoreError> {
        transaction.commit().await
    }

    async fn rollback(transaction: PgStoreTransaction) -> Result<(), StoreError> {
        transaction.rollback().await
    }

    async fn is_alive(connection: &mut PgConnection) -> bool {
        timeout(connection::PATIENCE, connection.ping()).await.is_ok_and(|answer| answer.is_ok())
    }

    fn is_transient(error: &(dyn Error + 'static)) -> bool {
        error::is_transient(error)
    }

    async fn checkpoint(&self, name: &str) -> Result<Checkpoint, StoreError> {
        checkpoint::read(self, name).await
    }

    async fn consumer(&self, name: &str) -> Result<Consumer, StoreError> {
        checkpoint::consumer(self, name).await
    }

    async fn declare<'a>(
        &'a self,
        name: &'a str,
        seen: Checkpoint,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> Result<Option<Checkpoint>, StoreError> {
        checkpoint::declare(self, name, seen, kind, declared).await
    }

    async fn advance<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        name: &'a str,
        seen: Checkpoint,
        progress: Progress,
    ) -> Result<bool, StoreError> {
        checkpoint::advance(self, via, name, seen, progress).await
    }

    async fn reset<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        name: &'a str,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> Result<(), StoreError> {
        checkpoint::reset(self, via, name, kind, declared).await
    }
}
