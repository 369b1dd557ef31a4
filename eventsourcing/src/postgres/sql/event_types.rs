//! The types of events that appends have registered.

/// A type may be registered more than once, by appends that did not see each other.
pub(super) const LIST: &str = r"
select k.tag, k.schema_version, pg_catalog.min(k.first_position)
from {event_types} k
group by k.tag, k.schema_version
order by k.tag, k.schema_version
";
