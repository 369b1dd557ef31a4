//! Floor 1: what events look like when stored, as constants. Knows nothing of storage or async.

mod event;
mod faithful;
mod fingerprint;
mod impls;
#[cfg(feature = "schemars")]
mod json_schema;
pub mod mix;
mod shape;

pub use event::{Event, EventType, EventTypes, RetiredType};
#[cfg(feature = "schemars")]
pub use json_schema::json_schema;
pub use shape::{Field, Float, Integer, MapKey, Schema, Shape, Tagging, Variant};
