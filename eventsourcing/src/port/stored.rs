//! Port: what stands at a place of the log.

use crate::vocabulary::{EventId, GlobalPosition, Recorded, StreamVersion};

/// An event as an adapter reads it: `event` is the JSON text of its payload.
pub type StoredEvent<P> = Recorded<P>;

/// What stands at a place of the log: an event, or a row that is none.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Stored<P> {
    /// An event.
    Event(StoredEvent<P>),
    /// A row that no release would have written. It stands in the way of those who would have received it, and of nobody
    /// else.
    Malformed(Malformed),
}

impl<P> Stored<P> {
    /// The text of the stream's id.
    pub fn stream_id(&self) -> &str {
        match self {
            Self::Event(event) => event.stream_id.as_str(),
            Self::Malformed(malformed) => &malformed.stream_id,
        }
    }

    /// The place in the stream.
    pub fn version(&self) -> StreamVersion {
        match self {
            Self::Event(event) => event.version,
            Self::Malformed(malformed) => malformed.version,
        }
    }

    /// The place among all events.
    pub fn position(&self) -> GlobalPosition {
        match self {
            Self::Event(event) => event.position,
            Self::Malformed(malformed) => malformed.position,
        }
    }

    /// The id; `None` of what is no event.
    pub fn event_id(&self) -> Option<EventId> {
        match self {
            Self::Event(event) => Some(event.event_id),
            Self::Malformed(_) => None,
        }
    }

    /// The text of the tag.
    pub fn tag(&self) -> &str {
        match self {
            Self::Event(event) => event.tag.as_str(),
            Self::Malformed(malformed) => &malformed.tag,
        }
    }

    /// The event.
    ///
    /// # Errors
    ///
    /// What stands in its place, when that is no event.
    pub fn into_event(self) -> Result<StoredEvent<P>, Malformed> {
        match self {
            Self::Event(event) => Ok(event),
            Self::Malformed(malformed) => Err(malformed),
        }
    }
}

/// A row of the log that no release would have written: somebody has written it into the table by other means.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the row at version {version} of stream `{stream_id}`, at position {position}, is not an event that any release \
     would have written: {problem}"
)]
#[non_exhaustive]
pub struct Malformed {
    /// The text that stands for its stream.
    pub stream_id: String,
    /// Its place in the stream.
    pub version: StreamVersion,
    /// Its place among all events.
    pub position: GlobalPosition,
    /// The text that stands for its tag.
    pub tag: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Malformed {
    /// A row in this place, and what is wrong with it.
    pub const fn new(
        stream_id: String,
        version: StreamVersion,
        position: GlobalPosition,
        tag: String,
        problem: String,
    ) -> Self {
        Self { stream_id, version, position, tag, problem }
    }
}
