//! What a database would refuse of an append, and what each event gets before it is sent.

use serde::de::IgnoredAny;
use uuid::Uuid;

use crate::{
    port::{Append, InvalidAppend},
    vocabulary::EventId,
};

/// The first payload that is no JSON text. The database would refuse it, and all that goes with it.
pub(crate) fn not_json(append: &Append) -> Option<InvalidAppend> {
    let is_json = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).ok();
        text.is_some_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
    };
    let index = append.events.iter().position(|new| !is_json(&new.event.payload))?;
    Some(InvalidAppend::NotJson { index })
}

/// The ids of the events: those that were given, and new ones.
pub(crate) fn event_ids(append: &Append) -> Vec<Uuid> {
    append.events.iter().map(|event| event.id.unwrap_or_else(EventId::new).as_uuid()).collect()
}
