//! Floor 1: what events look like when stored, as constants. Knows nothing of storage or async.

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
pub(crate) mod old_type;
mod payloads;
mod probe;
pub(crate) mod reads;
mod shape;
mod shared;

pub use beyond::Beyond;
pub use compare::{Verdict, compatibility};
pub use event::{Event, EventType, EventTypes, RetiredType};
pub use history::history_is_readable;
#[cfg(feature = "schemars")]
pub use json_schema::json_schema;
pub use lock::LockedEvent;
#[doc(hidden)]
pub use old_type::OldType;
pub use payloads::payloads;
pub use shape::{Field, Float, Integer, MapKey, Origin, Schema, Shape, Tagging, Variant};
pub(crate) use shared::Among;
