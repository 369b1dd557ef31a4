//! Floor 1: what events look like when stored, as constants. Knows nothing of storage or async.

pub(crate) mod adapter;
mod beyond;
mod catalog;
pub(crate) mod changed;
pub(crate) mod compare;
pub(crate) mod default;
mod event;
mod faithful;
mod fingerprint;
pub(crate) mod history;
mod impls;
#[cfg(feature = "schemars")]
mod json_schema;
#[doc(hidden)]
pub mod lock;
pub(crate) mod mistaken;
#[doc(hidden)]
pub mod mix;
pub(crate) mod mutants;
mod names;
pub(crate) mod old_type;
mod payloads;
mod probe;
pub(crate) mod reads;
pub(crate) mod schema_as;
mod shape;
mod shared;

pub use adapter::Adapter;
pub use beyond::Beyond;
pub(crate) use catalog::Owners;
pub use catalog::{Catalog, CatalogEvent, SharedName, SharedNameKind};
pub use compare::{Verdict, compatibility};
pub use default::DefaultValue;
pub use event::{Event, EventType, EventTypes, Locked, Origin, RetiredType};
pub use history::history_is_readable;
#[cfg(feature = "schemars")]
pub use json_schema::json_schema;
pub use lock::LockedEvent;
#[doc(hidden)]
pub use old_type::OldType;
pub use payloads::payloads;
pub use schema_as::{AsText, MapKeyAs, SchemaAs};
pub use shape::{CodePlace, Field, Float, Integer, MapKey, Schema, Shape, Tagging, Variant};
pub(crate) use shared::Among;
