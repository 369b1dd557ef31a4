//! Floor 5: the typed handles on Postgres, by their short names.

use sqlx::PgPool;

use crate::{
    aggregates, consumers, handles,
    port::StoreError,
    postgres::{PgOptions, Postgres},
    vocabulary::StreamVersion,
};

/// A store of events in Postgres.
pub type PgStore = Store<Postgres>;
/// A store of events; see [`handles::Store`](crate::handles::Store).
pub type Store<B = Postgres> = handles::Store<B>;
/// One stream; see [`handles::Stream`](crate::handles::Stream).
pub type Stream<E, B = Postgres> = handles::Stream<E, B>;
/// The events of all streams, or of one category; see [`handles::Log`](crate::handles::Log).
pub type Log<E, B = Postgres> = handles::Log<E, B>;
/// Stored events, one after the other; see [`handles::Events`](crate::handles::Events).
pub type Events<'c, E, B = Postgres, P = StreamVersion> = handles::Events<'c, E, B, P>;
/// What the store holds, without types; see [`handles::Raw`](crate::handles::Raw).
pub type Raw<B = Postgres> = handles::Raw<B>;
/// Stored events without their types; see [`handles::RawEvents`](crate::handles::RawEvents).
pub type RawEvents<B = Postgres> = handles::RawEvents<B>;
/// The aggregates of a type; see [`aggregates::Repository`](crate::aggregates::Repository).
pub type Repository<A, B = Postgres> = aggregates::Repository<A, B>;
/// Events as they are committed; see [`handles::Subscription`](crate::handles::Subscription).
pub type Subscription<E, B = Postgres> = handles::Subscription<E, B>;
/// What runs a projection; see [`consumers::Projector`](crate::consumers::Projector).
pub type Projector<P, B = Postgres> = consumers::Projector<P, B>;
/// How far a projection has come; see [`consumers::ProjectorStatus`](crate::consumers::ProjectorStatus).
pub type ProjectorStatus<P, B = Postgres> = consumers::ProjectorStatus<P, B>;
/// A transaction that the store began; see [`handles::StoreTransaction`](crate::handles::StoreTransaction).
pub type StoreTransaction<B = Postgres> = handles::StoreTransaction<B>;
/// Handles inside the caller's own transaction; see [`handles::InTransaction`](crate::handles::InTransaction).
pub type InTransaction<'c, B = Postgres> = handles::InTransaction<'c, B>;
/// One stream inside a transaction; see [`handles::StreamIn`](crate::handles::StreamIn).
pub type StreamIn<'t, E, B = Postgres> = handles::StreamIn<'t, E, B>;
/// Aggregates inside a transaction; see [`aggregates::RepositoryIn`](crate::aggregates::RepositoryIn).
pub type RepositoryIn<'t, A, B = Postgres> = aggregates::RepositoryIn<'t, A, B>;

impl handles::Store<Postgres> {
    /// A store in the database of this URL, in the schema `eventsourcing`, on a pool of its own.
    ///
    /// It opens one connection at once, and others when they are needed. It creates no tables: that is
    /// [`migrate`](Self::migrate). A dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](StoreError::Unavailable) when nobody listens at that address, [`Database`](StoreError::Database)
    /// when the database refuses the connection or this is no URL of Postgres.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// // Such as `postgres://shop@localhost/shop`.
    /// let store = PgStore::connect(url).await?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_with(url, PgOptions::new()).await
    }

    /// The same as [`connect`](Self::connect), with other options.
    ///
    /// # Errors
    ///
    /// Those of [`connect`](Self::connect), and [`Schema`](StoreError::Schema) when the schema has an impossible name.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// let store = PgStore::connect_with(url, PgOptions::new().schema("billing").max_connections(20)).await?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn connect_with(url: &str, options: PgOptions) -> Result<Self, StoreError> {
        Postgres::connect(url, options).await.map(Self::over)
    }

    /// A store on a pool of the caller's own, in the schema `eventsourcing`. Nothing is done in the database.
    ///
    /// Each statement costs a round trip more than with [`connect`](Self::connect), because somebody else may have left
    /// a connection of this pool inside a transaction; with the pool's `test_before_acquire` at its default, yet
    /// another one. An application that wants one pool for everything uses [`pool`](Self::pool) of a store that has
    /// connected by itself.
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// let pool = sqlx::PgPool::connect(url).await?;
    /// let store = PgStore::new(pool);
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn new(pool: PgPool) -> Self {
        Self::over(Postgres::new(pool))
    }

    /// The same as [`new`](Self::new), with other options.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the schema has an impossible name.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// let pool = sqlx::PgPool::connect(url).await?;
    /// let store = PgStore::with_options(pool, PgOptions::new().schema("billing"))?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub fn with_options(pool: PgPool, options: PgOptions) -> Result<Self, StoreError> {
        Postgres::with_options(pool, options).map(Self::over)
    }

    /// Creates or updates the store's tables, in one transaction: all of it or nothing.
    ///
    /// It is safe to run from several processes at once, and does nothing where nothing is to be done; so a service may
    /// run it whenever it starts. It needs a role that may create tables; see [`Postgres`] for what other roles need.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the role may not create the tables, or they are not what a release has made;
    /// [`Unfit`](StoreError::Unfit) when the server is too old or not in UTF-8. After a dropped future, all of it is
    /// done or nothing.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// let store = PgStore::connect(url).await?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.backend().migrate().await
    }

    /// Checks that the database is fit and the tables are those of this release. It changes nothing, so it is for roles
    /// that may not migrate.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the tables are missing or others than this release needs,
    /// [`Unfit`](StoreError::Unfit) when the server is not set up as the guarantees need it,
    /// [`SequenceBehind`](StoreError::SequenceBehind) when the sequence of positions is behind the log.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// let other = PgStore::connect_with(url, PgOptions::new().schema("not_migrated")).await?;
    /// assert!(matches!(other.verify().await, Err(StoreError::Schema { .. })));
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub async fn verify(&self) -> Result<(), StoreError> {
        self.backend().verify().await
    }

    /// Sets the sequence of positions to the end of the log, where it is behind it: after a restore by hand, when
    /// appends are refused with [`SequenceBehind`](StoreError::SequenceBehind).
    ///
    /// It changes nothing else, and nothing where the sequence is right. It waits for the transactions that are
    /// appending, and appends wait for it. A dropped future leaves the sequence as it was, or repaired.
    ///
    /// # Errors
    ///
    /// [`Database`](StoreError::Database) when the role does not own the tables.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// if let Err(StoreError::SequenceBehind { .. }) = store.verify().await {
    ///     store.repair().await?;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn repair(&self) -> Result<(), StoreError> {
        self.backend().repair().await
    }

    /// The pool of connections, for an application's own statements beside the store's.
    ///
    /// ```
    #[doc = include_str!("../docs/example.txt")]
    /// let (version,): (String,) = sqlx::query_as("select version()").fetch_one(store.pool()).await?;
    /// assert!(version.starts_with("PostgreSQL"));
    /// # Ok(()) }
    /// ```
    pub fn pool(&self) -> &PgPool {
        self.backend().pool()
    }
}
