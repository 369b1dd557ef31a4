//! Typed event sourcing on Postgres: a change that would make stored history unreadable does not compile.
#![doc = ""]
#![doc = include_str!("../README.md")]
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
pub mod port;
// Floor 3a: adapters.
#[cfg(feature = "postgres")]
pub mod postgres;
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

/// Pages about what no single item tells: how events change, how a store is run, why the order can be trusted.
#[cfg(doc)]
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
    Events, InTransaction, Log, PgStore, Projector, ProjectorStatus, Repository, RepositoryIn, Store, StoreTransaction,
    Stream, StreamIn, Subscription,
};
pub use port::{AppendError, Appended, Malformed, StoreError, VersionConflict};
#[cfg(feature = "postgres")]
pub use postgres::{PgOptions, Postgres};
pub use schema::{Catalog, Event, Schema};
#[cfg(feature = "postgres")]
pub use sqlx;
pub use vocabulary::{
    After, Category, Encoded, EventId, ExpectedVersion, GlobalPosition, InvalidStreamId, InvalidTag, Metadata,
    NewEvent, Recorded, SchemaVersion, StreamId, StreamVersion, Tag, Timestamp,
};
