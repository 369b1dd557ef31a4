//! Floor 3a: the Postgres adapter. It sees encoded events, and knows nothing of event types or typed handles.

mod append;
mod blockers;
mod checkpoint;
mod error;
mod event_types;
mod migrate;
mod mutants;
mod options;
mod read;
mod rows;
mod snapshot;
mod sql;
mod tail;
mod wake;

use std::{sync::Arc, time::Duration};

use error::store_error;
use event_types::Registered;
pub use migrate::MIGRATIONS;
pub use options::PgOptions;
pub use rows::PgPayload;
use sql::{SchemaName, Statements};
use sqlx::{
    Connection, PgConnection, PgPool, PgTransaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
pub use tail::PgTail;
use wake::{Announcer, channel};

use crate::{
    position::{GlobalPosition, StreamVersion},
    store::{
        Append, AppendError, Appended, Backend, Blocker, Checkpoint, Limits, Loaded, LogQuery, Rows, SnapshotKey,
        StoreError, StoredEvent, StoredType, StreamQuery, Via,
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
    registered: Arc<Registered>,
}

/// A connection that has been idle for longer is asked whether it still answers before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

impl Postgres {
    /// Opens a pool of connections, at least one at once. Creates no tables: that is [`migrate`](Self::migrate).
    pub async fn connect(url: &str, options: PgOptions) -> Result<Self, StoreError> {
        let connect: PgConnectOptions = url.parse().map_err(store_error)?;
        let registered = Arc::<Registered>::default();
        let known = Arc::clone(&registered);
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            // Asking before every use costs a round trip per append; a busy connection has just answered.
            .test_before_acquire(false)
            .before_acquire(|connection, metadata| {
                Box::pin(async move { Ok(metadata.idle_for < TRUSTED_IDLE || connection.ping().await.is_ok()) })
            })
            .after_connect(move |_, _| {
                known.forget();
                Box::pin(async { Ok(()) })
            })
            .connect_with(connect)
            .await
            .map_err(store_error)?;
        Ok(Self { registered, ..Self::with_options(pool, options)? })
    }

    /// A store on a pool of the caller's own, in the schema `eventsourcing`.
    ///
    /// With `test_before_acquire` at its default, each statement costs a round trip more.
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
            sql: Arc::new(Statements::new(&schema)),
            announcer: Arc::new(Announcer::new(channel(&schema))),
            pool,
            schema,
            options: Arc::new(options),
            registered: Arc::default(),
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

    /// The pool of connections.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Every statement that runs on a migrated store, by name: for audits, and for preparing them in tests.
    pub fn statements(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.sql.all()
    }

    async fn acquire(&self) -> Result<PoolConnection<sqlx::Postgres>, StoreError> {
        self.pool.acquire().await.map_err(store_error)
    }
}

impl Backend for Postgres {
    type Connection = PgConnection;
    type Transaction = PgTransaction<'static>;
    type Payload = PgPayload;
    type Tail = PgTail;

    fn limits(&self) -> Limits {
        self.options.limits
    }

    async fn append<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        appends: &'a [Append],
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        // Boxed, so that the futures of callers stay small.
        Box::pin(append::append(self, via, appends)).await
    }

    fn read_stream<'a>(&'a self, via: Via<'a, PgConnection>, query: StreamQuery) -> Rows<'a, StoredEvent<PgPayload>> {
        read::stream(self, via, &query)
    }

    fn read_log(&self, query: LogQuery) -> Rows<'_, StoredEvent<PgPayload>> {
        read::log(self, query)
    }

    fn load<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        stream_id: &'a StreamId,
        snapshot: Option<SnapshotKey>,
    ) -> Rows<'a, Loaded<PgPayload>> {
        snapshot::load(self, via, stream_id, snapshot)
    }

    async fn save_snapshot<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        stream_id: &'a StreamId,
        key: SnapshotKey,
        version: StreamVersion,
        state: &'a [u8],
    ) -> Result<(), StoreError> {
        snapshot::save(self, via, stream_id, key, version, state).await
    }

    async fn tail(&self) -> Result<PgTail, StoreError> {
        tail::open(self).await
    }

    fn announce(&self) {
        if self.options.listen {
            self.announcer.announce(&self.pool);
        }
    }

    async fn stored_types(&self) -> Result<Vec<StoredType>, StoreError> {
        event_types::list(self).await
    }

    async fn blockers(&self) -> Result<Vec<Blocker>, StoreError> {
        blockers::read(self).await
    }

    async fn begin(&self) -> Result<PgTransaction<'static>, StoreError> {
        let begin = "begin isolation level read committed";
        let mut transaction = self.pool.begin_with(begin).await.map_err(store_error)?;
        sqlx::query(
            "select pg_catalog.set_config('synchronous_commit', 'local', true)
             where pg_catalog.current_setting('synchronous_commit') operator(pg_catalog.=) 'off'",
        )
        .execute(&mut *transaction)
        .await
        .map_err(store_error)?;
        Ok(transaction)
    }

    fn connection<'t>(transaction: &'t mut PgTransaction<'static>) -> &'t mut PgConnection {
        &mut *transaction
    }

    async fn commit(transaction: PgTransaction<'static>) -> Result<(), StoreError> {
        transaction.commit().await.map_err(store_error)
    }

    async fn rollback(transaction: PgTransaction<'static>) -> Result<(), StoreError> {
        transaction.rollback().await.map_err(store_error)
    }

    async fn is_alive(connection: &mut PgConnection) -> bool {
        connection.ping().await.is_ok()
    }

    async fn checkpoint(&self, name: &str) -> Result<Checkpoint, StoreError> {
        checkpoint::read(self, name).await
    }

    async fn advance<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        name: &'a str,
        seen: Checkpoint,
        position: GlobalPosition,
    ) -> Result<bool, StoreError> {
        checkpoint::advance(self, via, name, seen, position).await
    }
}
