//! Port: what can be asked of stored history.

use std::sync::Arc;

use crate::{
    position::{GlobalPosition, StreamVersion},
    record::{Encoded, EventId, Recorded, Tag},
    stream_id::{Category, StreamId},
};

/// An event as an adapter reads it.
pub type StoredEvent<P> = Recorded<Encoded<P>>;

/// What stands at a place of the log: an event, or a row that is none.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "adapters build it")]
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
            Self::Event(event) => event.event.tag.as_str(),
            Self::Malformed(malformed) => &malformed.tag,
        }
    }

    /// The event, or what stands in its place.
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
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
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

/// Some of the events that were asked for, the first ones.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct Page<P> {
    /// What was read, in order.
    pub events: Vec<Stored<P>>,
    /// Whether the page was full, so that more may follow. Without it, this is all there is.
    pub more: bool,
}

/// How many bytes a [`Page`] has at most, of which some hundred count for each event beside its payload. The adapter holds
/// it before anything is fetched. An event that is larger is a page of its own.
pub const PAGE_BYTES: u32 = 4 << 20;

/// Which way to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Direction {
    /// The oldest first.
    Forwards,
    /// The newest first.
    Backwards,
}

/// Events of one stream.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
pub struct StreamQuery {
    /// The stream.
    pub stream_id: StreamId,
    /// The first version to read; without it, the stream's first forwards and its last backwards.
    pub from: Option<StreamVersion>,
    /// The highest position to read.
    pub until: Option<GlobalPosition>,
    /// Which way.
    pub direction: Direction,
    /// How many at most in a page.
    pub limit: i64,
}

/// Events of all streams.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
pub struct LogQuery {
    /// Which of them.
    pub filter: Filter,
    /// The first position to read; without it, the log's first forwards and its last backwards.
    pub from: Option<GlobalPosition>,
    /// The highest position to read.
    pub until: Option<GlobalPosition>,
    /// Which way.
    pub direction: Direction,
    /// How many at most in a page.
    pub limit: i64,
}

/// Which events of the log are wanted. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "adapters read it")]
pub struct Filter {
    /// Only those of streams of this category.
    pub category: Option<Category>,
    /// Only those with one of these tags.
    pub tags: Option<Arc<[Tag]>>,
}

impl Filter {
    /// Whether what stands at a place is wanted: what adapters say in their query language.
    ///
    /// It goes by the text of stream id and tag, so it holds for malformed rows as well. One without a `/` in its stream id
    /// is in no category.
    pub fn admits<P>(&self, stored: &Stored<P>) -> bool {
        let category = || stored.stream_id().split_once('/').map(|(category, _)| category);
        self.category.as_ref().is_none_or(|wanted| category() == Some(wanted.as_str()))
            && self.tags.as_ref().is_none_or(|tags| tags.iter().any(|tag| tag.as_str() == stored.tag()))
    }
}
