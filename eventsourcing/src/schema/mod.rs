//! Floor 1: what events look like when stored, as constants. Knows nothing of storage or async.

mod event;
mod fingerprint;
mod impls;
mod shape;

pub use event::{Event, EventType, EventTypes, RetiredType};
pub use shape::{Field, Float, Integer, MapKey, Schema, Shape, Tagging, Variant};
