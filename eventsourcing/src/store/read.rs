//! Port: what can be asked of stored history.

use std::sync::Arc;

use crate::{
    position::{GlobalPosition, StreamVersion},
    record::{Encoded, Recorded, Tag},
    stream_id::{Category, StreamId},
};

/// An event as an adapter reads it.
pub type StoredEvent<P> = Recorded<Encoded<P>>;

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
    /// How many at most.
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
    /// How many at most.
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
    /// Whether an event is wanted: what adapters say in their query language.
    pub fn admits<P>(&self, event: &StoredEvent<P>) -> bool {
        self.category.as_ref().is_none_or(|category| event.stream_id.category() == category.as_str())
            && self.tags.as_ref().is_none_or(|tags| tags.contains(&event.event.tag))
    }
}
