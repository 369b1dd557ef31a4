//! Port: which types of events a store holds.

use crate::{
    position::GlobalPosition,
    record::{SchemaVersion, Tag},
};

/// A type of event that the store holds, in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct StoredType {
    /// The name of the event type.
    pub tag: Tag,
    /// The shape in which it is stored.
    pub schema_version: SchemaVersion,
    /// Where the first such event stands.
    pub first_position: GlobalPosition,
}
