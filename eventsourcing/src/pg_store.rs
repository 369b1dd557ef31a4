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
    /// Creates no tables: that is [`migrate`](Self::migrate).
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_with(url, PgOptions::new()).await
    }

    /// The same, with other options.
    pub async fn connect_with(url: &str, options: PgOptions) -> Result<Self, StoreError> {
        Postgres::connect(url, options).await.map(Self::over)
    }

    /// A store on a pool of the caller's own, in the schema `eventsourcing`.
    ///
    /// With the pool's `test_before_acquire` at its default, each statement costs a round trip more.
    pub fn new(pool: PgPool) -> Self {
        Self::over(Postgres::new(pool))
    }

    /// The same, with other options; an error when the schema has an impossible name.
    pub fn with_options(pool: PgPool, options: PgOptions) -> Result<Self, StoreError> {
        Postgres::with_options(pool, options).map(Self::over)
    }

    /// Creates or updates the store's tables; see [`Postgres::migrate`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.backend().migrate().await
    }

    /// Checks that the database is fit and the tables are those of this release; see [`Postgres::verify`].
    pub async fn verify(&self) -> Result<(), StoreError> {
        self.backend().verify().await
    }

    /// Sets the sequence of positions to the end of the log, where it is behind it; see [`Postgres::repair`].
    pub async fn repair(&self) -> Result<(), StoreError> {
        self.backend().repair().await
    }

    /// The pool of connections.
    pub fn pool(&self) -> &PgPool {
        self.backend().pool()
    }
}
