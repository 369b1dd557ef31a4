//! The handle of the adapter: its file, its connections, and what its clones share.

use std::{path::Path, sync::Arc};

use sqlx::{SqliteConnection, SqlitePool, pool::PoolConnection};

use super::{
    connect::{self, options_for, pool_for},
    error::store_error,
    file::{StoreFile, TemporaryDirectory},
    job::Job,
    options::{SqliteOptions, Synchronous},
    writer::Writer,
};
use crate::{lane::Lane, port::StoreError};

/// Events in one file of SQLite: the adapter, and the marker that projections name.
///
/// A cheap handle. Its tables have names that begin with `eventsourcing_`, so an application keeps its own in the same file,
/// where a projection can write them in the transaction of its checkpoint.
#[derive(Debug, Clone)]
pub struct Sqlite(pub(super) Arc<Shared>);

/// What the clones share.
#[derive(Debug)]
pub(super) struct Shared {
    /// For reading.
    pub(super) pool: SqlitePool,
    pub(super) writer: Writer,
    pub(super) lane: Arc<Lane<Job>>,
    pub(super) options: Arc<SqliteOptions>,
    pub(super) file: Arc<StoreFile>,
    /// Behind the connections into it, which are closed before it goes.
    _directory: Option<TemporaryDirectory>,
}

/// So many appends may wait to be written; others wait for a place.
const PLACES: usize = 1_024;

/// So many events go into one transaction at most, but for an append that has more by itself.
const EVENTS_AT_ONCE: usize = 1_000;

impl Sqlite {
    /// Opens the file at a path, and makes it where there is none. Creates no tables: that is [`migrate`](Self::migrate).
    ///
    /// # Errors
    ///
    /// [`OtherFile`](StoreError::OtherFile) when it is another program's, [`Unfit`](StoreError::Unfit) when its journal is
    /// not a write-ahead log, [`Unavailable`](StoreError::Unavailable) when it cannot be opened.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let backend = Sqlite::open(path, SqliteOptions::new()).await?;
    /// backend.migrate().await?;
    /// let store = SqliteStore::over(backend);
    /// # Ok(()) }
    /// ```
    pub async fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        Self::open_in(path.as_ref(), options, None).await
    }

    /// A store that is gone with its last handle. Its file is in memory where the system has a file system for that, as
    /// Linux has, and in the directory for temporary files elsewhere; so it does all that a store in a file does.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](StoreError::Unavailable) when no file can be made.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let backend = Sqlite::in_memory(SqliteOptions::new().events_limit(2)).await?;
    /// backend.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn in_memory(options: SqliteOptions) -> Result<Self, StoreError> {
        let directory = TemporaryDirectory::new();
        let directory = directory.map_err(|error| StoreError::Unavailable { source: Arc::new(error) })?;
        let options = SqliteOptions { synchronous: Synchronous::Off, ..options };
        Self::open_in(&directory.file(), options, Some(directory)).await
    }

    async fn open_in(
        path: &Path,
        options: SqliteOptions,
        directory: Option<TemporaryDirectory>,
    ) -> Result<Self, StoreError> {
        // The program may go to another directory, and connections are opened later on.
        let path = std::path::absolute(path).map_err(|error| StoreError::Unavailable { source: Arc::new(error) })?;
        let connect = options_for(&path, &options);
        connect::create(&connect, &options).await?;
        let file = Arc::new(StoreFile::new(path, true));
        let pool = pool_for(connect, &options, Arc::clone(&file));
        Ok(Self::over(pool, options, file, directory))
    }

    /// A store on a pool of the caller's own, from which it reads. It writes on a connection of its own, with the pool's
    /// options. Nothing is done in the file.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// # SqliteStore::open(path).await?;
    /// let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    /// let backend = Sqlite::new(sqlx::SqlitePool::connect_with(options).await?, SqliteOptions::new());
    /// backend.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub fn new(pool: SqlitePool, options: SqliteOptions) -> Self {
        let file = StoreFile::new(pool.connect_options().get_filename().to_owned(), false);
        Self::over(pool, options, Arc::new(file), None)
    }

    fn over(
        pool: SqlitePool,
        options: SqliteOptions,
        file: Arc<StoreFile>,
        directory: Option<TemporaryDirectory>,
    ) -> Self {
        let options = Arc::new(options);
        let connect = pool.connect_options().as_ref().clone();
        let writer = Writer::new(connect, Arc::clone(&options), Arc::clone(&file));
        let lane = Arc::new(Lane::new(PLACES, EVENTS_AT_ONCE));
        Self(Arc::new(Shared { pool, writer, lane, options, file, _directory: directory }))
    }

    /// The pool of connections for reading.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let backend = Sqlite::open(path, SqliteOptions::new().max_connections(2)).await?;
    /// assert_eq!(backend.pool().options().get_max_connections(), 2);
    /// # Ok(()) }
    /// ```
    pub fn pool(&self) -> &SqlitePool {
        &self.0.pool
    }

    /// A connection to read on.
    pub(super) async fn reader(&self) -> Result<PoolConnection<sqlx::Sqlite>, StoreError> {
        self.0.file.check()?;
        match self.0.pool.acquire().await {
            Err(sqlx::Error::PoolTimedOut) if self.0.pool.size() > 0 => {
                Err(StoreError::PoolExhausted { connections: self.0.pool.size() })
            }
            connection => connection.map_err(store_error),
        }
    }

    /// Of a statement that names what is not there: whether the tables have never been made.
    pub(super) async fn explained(&self, connection: &mut SqliteConnection, error: StoreError) -> StoreError {
        if !super::error::is_missing(&error) {
            return error;
        }
        let table = sqlx::query("select 1 from sqlite_schema where name = 'eventsourcing_events'");
        match table.fetch_optional(connection).await {
            Ok(None) => self.unmigrated("its tables are not there; run `migrate()`"),
            _ => error,
        }
    }

    pub(super) fn unmigrated(&self, problem: impl Into<String>) -> StoreError {
        StoreError::Schema { schema: self.0.file.path(), problem: problem.into() }
    }
}
