//! Typed event sourcing on Postgres: a change that would make stored history unreadable does not compile.
#![doc = ""]
#![cfg_attr(any(not(doctest), feature = "postgres"), doc = include_str!("../README.md"))]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// Lets the paths that the derives write work inside this crate too.
extern crate self as eventsourcing;

// Floor 0: vocabulary.
mod mutants;
mod vocabulary;
// Floor 1: what stored events look like, and their way to bytes and back.
pub mod codec;
mod compiled;
#[cfg(feature = "lock")]
pub mod lock;
pub mod schema;
// Floor 2: the port.
mod backoff;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod columns;
#[cfg(feature = "sqlite")]
mod lane;
pub mod port;
// Floor 3a: adapters.
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;
// Floor 3b: typed behaviour, each room on those before it.
pub mod aggregates;
pub mod consumers;
mod engine;
pub mod handles;
// Floor 4: tests.
#[cfg(feature = "testing")]
pub mod testing;
// Floor 5: the joints, and what the derives write.
#[doc(hidden)]
pub mod __private;
#[cfg(feature = "postgres")]
mod pg_store;
#[cfg(feature = "sqlite")]
mod sqlite_store;

/// Pages about what no single item tells: how events change, how a store is run, why the order can be trusted.
#[cfg(all(doc, any(not(doctest), feature = "postgres")))]
pub mod guide {
    #[doc = "[aggregates]: aggregates\n[evolution]: evolution\n[operating]: operating\n[projections]: projections\n[reading]: reading\n[testing]: testing\n[transactions]: transactions\n"]
    #[doc = include_str!("../docs/getting-started.md")]
    pub mod getting_started {}
    #[doc = "[getting-started]: getting_started\n[transactions]: transactions\n"]
    #[doc = include_str!("../docs/aggregates.md")]
    pub mod aggregates {}
    #[doc = "[getting-started]: getting_started\n[tail]: tail\n"]
    #[doc = include_str!("../docs/reading.md")]
    pub mod reading {}
    #[doc = "[getting-started]: getting_started\n"]
    #[doc = include_str!("../docs/projections.md")]
    pub mod projections {}
    #[doc = "[getting-started]: getting_started\n"]
    #[doc = include_str!("../docs/transactions.md")]
    pub mod transactions {}
    #[doc = "[evolution]: evolution\n"]
    #[cfg_attr(any(not(doctest), feature = "testing"), doc = include_str!("../docs/testing.md"))]
    pub mod testing {}
    // The tests carry this page out as a whole, with a lock; its blocks alone are no programs.
    #[cfg_attr(not(doctest), doc = "[attributes]: crate::Event\n[edits]: edits\n")]
    #[cfg_attr(not(doctest), doc = include_str!("../docs/evolution.md"))]
    pub mod evolution {}
    #[cfg_attr(not(doctest), doc = include_str!("../docs/edits.md"))]
    pub mod edits {}
    #[doc = include_str!("../docs/coming-from.md")]
    pub mod coming_from {}
    #[doc = "[evolution]: evolution\n"]
    #[doc = include_str!("../docs/operating.md")]
    pub mod operating {}
    #[doc = include_str!("../docs/maintenance.md")]
    pub mod maintenance {}
    #[cfg_attr(any(not(doctest), feature = "sqlite"), doc = include_str!("../docs/sqlite.md"))]
    pub mod sqlite {}
    #[doc = "[tail]: tail\n[maintenance]: maintenance\n"]
    #[doc = include_str!("../docs/tables.md")]
    pub mod tables {}
    #[doc = "[operating]: operating\n"]
    #[doc = include_str!("../docs/tail.md")]
    pub mod tail {}
}

pub use aggregates::{
    Aggregate, AggregateRoot, Apply, Decide, ExecuteError, Executed, LoadError, RetryPolicy, Snapshots,
};
pub use consumers::{Projection, ProjectorError};
pub use engine::decode::ReadError;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/list.md")]
pub use eventsourcing_derive::events_lock;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/attributes.md")]
pub use eventsourcing_derive::{Aggregate, Event, Schema};
pub use handles::{
    AppendBatch, Delivery, HistoryError, OnUndecodable, SubscriptionError, Unreadable, UnreadableHistory,
    UnreadableType,
};
#[cfg(feature = "postgres")]
pub use pg_store::{
    Events, InTransaction, Log, PgStore, Projector, ProjectorStatus, Raw, RawEvents, Repository, RepositoryIn, Store,
    StoreTransaction, Stream, StreamIn, Subscription,
};
pub use port::{AppendError, Appended, Malformed, StoreError, VersionConflict};
#[cfg(feature = "postgres")]
pub use postgres::{PgOptions, Postgres};
pub use schema::{Catalog, Event, Schema};
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteOptions};
#[cfg(feature = "sqlite")]
pub use sqlite_store::SqliteStore;
/// The driver, whose connections and errors projections and transactions are written with, in the version that this library
/// uses.
///
/// It is part of this library's own interface: a new incompatible version of `sqlx` means one of this library. An
/// application that names it by this path (`eventsourcing::sqlx`) cannot have another one by accident; features that this
/// library does not need, such as `macros`, it turns on by a dependency of its own on the same version.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use sqlx;
pub use vocabulary::{
    After, Category, Encoded, EventId, ExpectedVersion, GlobalPosition, InvalidStreamId, InvalidTag, Metadata,
    NewEvent, Recorded, SchemaVersion, StreamId, StreamVersion, Tag, Timestamp,
};
