//! Floor 5: the store on SQLite, by its short name.

use std::path::Path;

use sqlx::SqlitePool;

use crate::{
    handles,
    port::StoreError,
    sqlite::{Sqlite, SqliteOptions},
};

/// A store of events in one file of SQLite.
pub type SqliteStore = handles::Store<Sqlite>;

impl handles::Store<Sqlite> {
    /// A store in the file at this path, which is made where there is none. It creates no tables: that is
    /// [`migrate`](Self::migrate). A dropped future leaves nothing open.
    ///
    /// Every commit waits for the disk. The file lies on a local disk: on a network file system, processes of several
    /// machines do not see each other's locks, and would destroy it.
    ///
    /// # Errors
    ///
    /// [`OtherFile`](StoreError::OtherFile) when it is another program's, [`Unfit`](StoreError::Unfit) when its journal is
    /// not a write-ahead log, [`Unavailable`](StoreError::Unavailable) when it cannot be opened.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open(path).await?;
    /// store.migrate().await?;
    /// assert!(path.exists());
    /// # Ok(()) }
    /// ```
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteOptions::new()).await
    }

    /// The same as [`open`](Self::open), with other options.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().synchronous_normal()).await?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn open_with(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        Sqlite::open(path, options).await.map(Self::over)
    }

    /// A store that is gone with its last handle: for tests, and for trying things out. It has its tables already.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](StoreError::Unavailable) when no file can be made for it; see [`Sqlite::in_memory`].
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// let store = SqliteStore::in_memory().await?;
    /// let stream = store.stream("account/ada".parse()?);
    /// stream.append(ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 100 }]).await?;
    /// # Ok(()) }
    /// ```
    pub async fn in_memory() -> Result<Self, StoreError> {
        let backend = Sqlite::in_memory(SqliteOptions::new()).await?;
        backend.migrate().await?;
        Ok(Self::over(backend))
    }

    /// A store on a pool of the caller's own, from which it reads. It writes on a connection of its own, with the pool's
    /// options. Nothing is done in the file, and it has to be there.
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// # SqliteStore::open(path).await?;
    /// let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    /// let store = SqliteStore::new(sqlx::SqlitePool::connect_with(options).await?);
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub fn new(pool: SqlitePool) -> Self {
        Self::with_options(pool, SqliteOptions::new())
    }

    /// The same as [`new`](Self::new), with other options.
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// # SqliteStore::open(path).await?;
    /// let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    /// let pool = sqlx::SqlitePool::connect_with(options).await?;
    /// let store = SqliteStore::with_options(pool, SqliteOptions::new().payload_limit(4 << 20));
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub fn with_options(pool: SqlitePool, options: SqliteOptions) -> Self {
        Self::over(Sqlite::new(pool, options))
    }

    /// Creates or updates the store's tables, in one transaction: all of it or nothing.
    ///
    /// It is safe to run from several processes at once, and does nothing where nothing is to be done; so a program may run
    /// it whenever it starts.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the tables are not what a release has made; those of [`open`](Self::open).
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open(path).await?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.backend().migrate().await
    }

    /// Checks that the file is fit, the tables and triggers are those of this release, and no maintenance was left open. It
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) for the tables, [`Unfit`](StoreError::Unfit) and
    /// [`OtherFile`](StoreError::OtherFile) for the file; each says what to do.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open(path).await?;
    /// assert!(matches!(store.verify().await, Err(StoreError::Schema { .. })));
    /// store.migrate().await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub async fn verify(&self) -> Result<(), StoreError> {
        self.backend().verify().await
    }

    /// The pool of connections for reading, for an application's own statements beside the store's.
    ///
    /// What writes through it waits for the store's own writes as another process does: use
    /// [`begin`](handles::Store::begin) for statements that write.
    ///
    /// ```
    #[doc = include_str!("../docs/example-sqlite.txt")]
    /// let store = SqliteStore::in_memory().await?;
    /// let (events,): (i64,) = sqlx::query_as("select count(*) from eventsourcing_events").fetch_one(store.pool()).await?;
    /// assert_eq!(events, 0);
    /// # Ok(()) }
    /// ```
    pub fn pool(&self) -> &SqlitePool {
        self.backend().pool()
    }
}
