//! Typed event sourcing on Postgres: a change that would make stored history unreadable does not compile.
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
// Floor 4: for tests and demos.
#[cfg(feature = "testing")]
pub mod testing;
// Floor 5: what the derives write.
#[doc(hidden)]
pub mod __private;

pub use aggregate::{Aggregate, Apply, Decide, Snapshots};
#[cfg(feature = "macros")]
pub use eventsourcing_derive::{Aggregate, Event, Schema};
pub use metadata::Metadata;
pub use position::{After, ExpectedVersion, GlobalPosition, StreamVersion};
#[cfg(feature = "postgres")]
pub use postgres::{PgOptions, Postgres};
pub use record::{Encoded, EventId, NewEvent, Recorded, SchemaVersion, Tag};
pub use schema::{Event, Schema};
pub use stream_id::{Category, InvalidStreamId, StreamId};
pub use timestamp::Timestamp;
