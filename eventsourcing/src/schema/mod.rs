//! Floor 1: what events look like when stored, as constants. Knows nothing of storage or async.

#[cfg_attr(not(feature = "lock"), expect(dead_code, reason = "only the tests of a lock look behind a shape"))]
pub(crate) mod adapter;
mod builders;
mod catalog;
pub(crate) mod changed_formats;
pub(crate) mod compare;
#[cfg_attr(not(feature = "lock"), expect(dead_code, reason = "only the tests of a lock look behind a shape"))]
pub(crate) mod default;
mod event;
mod fingerprint;
#[doc(hidden)]
pub mod hash;
pub(crate) mod impls;
#[cfg(feature = "schemars")]
mod json_schema;
mod losses;
pub(crate) mod mistaken;
mod names;
pub(crate) mod old_type;
pub(crate) mod recursion;
pub(crate) mod schema_as;
mod shape;
mod shared_keys;
mod value_check;

pub use adapter::Adapter;
pub(crate) use catalog::Owners;
pub use catalog::{Catalog, CatalogEvent, SharedName, SharedNameKind};
pub use compare::{Verdict, compatibility};
pub use default::DefaultValue;
pub use event::{Event, EventType, EventTypes, Locked, Origin, RetiredType};
#[cfg(feature = "schemars")]
pub use json_schema::json_schema;
#[doc(hidden)]
pub use old_type::OldType;
pub use schema_as::{AsText, MapKeyAs, SchemaAs};
pub use shape::{CodePlace, CutTarget, Field, Float, Integer, MapKey, Schema, Shape, Tagging, Variant};
pub(crate) use shared_keys::Among;
pub use value_check::ValueCheck;
