//! Floor 1: what events look like when stored, as constants. Knows nothing of storage or async.

pub(crate) mod adapter;
mod beyond;
pub(crate) mod compare;
mod event;
mod faithful;
mod fingerprint;
pub(crate) mod history;
mod impls;
#[cfg(feature = "schemars")]
mod json_schema;
#[doc(hidden)]
pub mod lock;
#[doc(hidden)]
pub mod mix;
mod payloads;
mod probe;
pub(crate) mod reads;
mod shape;
mod shared;

pub use adapter::{AsText, MapKeyAs, SchemaAs};
pub use beyond::Beyond;
pub use compare::{Verdict, compatibility};
pub use event::{Event, EventType, EventTypes, RetiredType};
pub use history::history_is_readable;
#[cfg(feature = "schemars")]
pub use json_schema::json_schema;
pub use lock::LockedEvent;
pub use payloads::payloads;
pub use shape::{Field, Float, Integer, MapKey, Schema, Shape, Tagging, Variant};
pub(crate) use shared::Among;
