//! Typed event sourcing on Postgres: a change that would make stored history unreadable does not compile.
#![doc = ""]
#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

// Lets the paths that the derives write work inside this crate too.
extern crate self as eventsourcing;

// Floor 0: vocabulary.
mod metadata;
mod position;
mod record;
mod stream_id;
mod timestamp;
// Floor 1: what stored events look like, and their way to bytes and back.
pub mod codec;
pub mod schema;
// Floor 2: the port.
pub mod store;
// Floor 3a: adapters.
#[cfg(feature = "postgres")]
pub mod postgres;
// Floor 3b: typed behaviour.
mod aggregate;
mod all;
mod backoff;
mod batch;
mod events;
mod handle;
mod history;
mod pages;
mod projection;
mod repository;
mod stream;
mod subscription;
mod transaction;
// Floor 4: tests.
#[cfg(feature = "testing")]
pub mod testing;
// Floor 5: the joints, and what the derives write.
#[doc(hidden)]
pub mod __private;
#[cfg(feature = "postgres")]
mod facade;

/// Texts that are longer than what stands at an item.
#[cfg(doc)]
pub mod _docs {
    // The tests carry this page out as a whole, with a lock; its blocks alone are no programs.
    #[cfg_attr(not(doctest), doc = "[attributes]: crate::Event\n[edits]: edits\n")]
    #[cfg_attr(not(doctest), doc = include_str!("../docs/evolution.md"))]
    pub mod evolution {}
    #[cfg_attr(not(doctest), doc = include_str!("../docs/edits.md"))]
    pub mod edits {}
    #[doc = include_str!("../docs/coming-from.md")]
    pub mod coming_from {}
    #[cfg_attr(not(doctest), doc = include_str!("../docs/maintenance.md"))]
    pub mod maintenance {}
}

/// The typed handles over any adapter. At the top of the crate they have the same names, with Postgres as the default.
pub mod handles {
    pub use crate::{
        all::All,
        events::Events,
        handle::Store,
        projection::{Projector, ProjectorStatus},
        repository::Repository,
        stream::Stream,
        subscription::Subscription,
        transaction::{InTransaction, RepositoryIn, StreamIn, Transaction},
    };
}

pub use aggregate::{Aggregate, Apply, Decide, Snapshots};
pub use batch::Batch;
pub use events::ReadError;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/list.md")]
pub use eventsourcing_derive::events_lock;
#[cfg(feature = "macros")]
#[doc = include_str!("../docs/attributes.md")]
pub use eventsourcing_derive::{Aggregate, Event, Schema};
#[cfg(feature = "postgres")]
pub use facade::{
    All, Events, InTransaction, PgStore, Projector, ProjectorStatus, Repository, RepositoryIn, Store, Stream, StreamIn,
    Subscription, Transaction,
};
pub use history::{HistoryError, Unreadable, UnreadableHistory, UnreadableType};
pub use metadata::Metadata;
pub use position::{After, ExpectedVersion, GlobalPosition, StreamVersion};
#[cfg(feature = "postgres")]
pub use postgres::{PgOptions, Postgres};
pub use projection::{Projection, ProjectorError};
pub use record::{Encoded, EventId, InvalidTag, NewEvent, Recorded, SchemaVersion, Tag};
pub use repository::{ExecuteError, Executed, LoadError, RetryPolicy, Root};
pub use schema::{Catalog, Event, Schema};
#[cfg(feature = "postgres")]
pub use sqlx;
pub use store::{AppendError, Appended, Malformed, StoreError, VersionConflict};
pub use stream_id::{Category, InvalidStreamId, StreamId};
pub use subscription::{Delivery, OnUndecodable, SubscriptionError};
pub use timestamp::Timestamp;
