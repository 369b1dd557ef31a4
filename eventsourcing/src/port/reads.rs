//! Port: what can be asked of stored history.

use std::{fmt, pin::Pin, sync::Arc};

use futures_core::Stream;

use super::{
    error::StoreError,
    snapshots::{Loaded, Snapshot, SnapshotKey},
    stored::Stored,
    transactions::{Transactions, Via},
};
use crate::vocabulary::{Category, GlobalPosition, StreamId, StreamVersion, Tag};

/// A stream of results that an adapter reads.
pub type Rows<'a, T> = Pin<Box<dyn Stream<Item = Result<T, StoreError>> + Send + 'a>>;

/// Reads stored events.
pub trait Reads: Transactions {
    /// Where the bytes of a read payload live: a shared buffer, the database driver's at best. Cheap to clone.
    type Payload: AsRef<[u8]> + Clone + fmt::Debug + Send + Sync + 'static;

    /// A page of the events of one stream.
    fn read_stream<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        query: StreamQuery,
    ) -> impl Future<Output = Result<Page<Self::Payload>, StoreError>> + Send + 'a;

    /// A page of the events of all streams, as far as they are committed at the moment.
    fn read_log(&self, query: LogQuery) -> impl Future<Output = Result<Page<Self::Payload>, StoreError>> + Send + '_;

    /// The newest snapshot that has this key, if any, and the events after it, from one statement.
    ///
    /// A snapshot counts only where the event stands at its version to which it was folded: one that is ahead of the
    /// stream, or of other events, is as good as none.
    fn load<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        stream_id: &'a StreamId,
        snapshot: Option<SnapshotKey>,
    ) -> Rows<'a, Loaded<Self::Payload>>;

    /// Stores the state of a stream at a version, in place of an older snapshot, or of one that does not count; a newer one
    /// stays. Nothing is stored when the event of the snapshot is not there.
    ///
    /// A dropped future leaves the old snapshot or the new one; in the caller's transaction it is for the caller to roll
    /// back.
    fn save_snapshot<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        snapshot: &'a Snapshot,
    ) -> impl Future<Output = Result<(), StoreError>> + Send + 'a;
}

/// Some of the events that were asked for, the first ones.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<P> {
    /// What was read, in order.
    pub events: Vec<Stored<P>>,
    /// Whether the page was full, so that more may follow. Without it, this is all there is.
    pub more: bool,
}

impl<P> Page<P> {
    /// What was read, and whether more may follow.
    pub const fn new(events: Vec<Stored<P>>, more: bool) -> Self {
        Self { events, more }
    }
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
#[non_exhaustive]
pub struct StreamQuery {
    /// The stream.
    pub stream_id: StreamId,
    /// The first version to read; without it, the stream's first forwards and its last backwards.
    pub from: Option<StreamVersion>,
    /// The highest position to read.
    pub until: Option<GlobalPosition>,
    /// Which way.
    pub direction: Direction,
    /// How many at most: an adapter may give less in a page.
    pub limit: i64,
}

impl StreamQuery {
    /// A whole stream, from its first event on.
    ///
    /// ```
    /// use eventsourcing::port::StreamQuery;
    ///
    /// let query = StreamQuery::new("account/ada".parse()?);
    /// assert_eq!((query.from, query.until), (None, None));
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub const fn new(stream_id: StreamId) -> Self {
        Self { stream_id, from: None, until: None, direction: Direction::Forwards, limit: i64::MAX }
    }

    /// The first version to read.
    ///
    /// ```
    /// use eventsourcing::{StreamVersion, port::StreamQuery};
    ///
    /// let query = StreamQuery::new("account/ada".parse()?).from(StreamVersion::new(7));
    /// assert_eq!(query.from, StreamVersion::new(7));
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub const fn from(mut self, version: Option<StreamVersion>) -> Self {
        self.from = version;
        self
    }

    /// The highest position to read.
    ///
    /// ```
    /// use eventsourcing::{GlobalPosition, port::StreamQuery};
    ///
    /// let query = StreamQuery::new("account/ada".parse()?).until(GlobalPosition::new(900));
    /// assert_eq!(query.until, GlobalPosition::new(900));
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub const fn until(mut self, position: Option<GlobalPosition>) -> Self {
        self.until = position;
        self
    }

    /// Which way.
    ///
    /// ```
    /// use eventsourcing::port::{Direction, StreamQuery};
    ///
    /// let query = StreamQuery::new("account/ada".parse()?).direction(Direction::Backwards);
    /// assert_eq!(query.direction, Direction::Backwards);
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub const fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// The newest first.
    ///
    /// ```
    /// use eventsourcing::port::{Direction, StreamQuery};
    ///
    /// let newest = StreamQuery::new("account/ada".parse()?).backwards().limit(10);
    /// assert_eq!(newest.direction, Direction::Backwards);
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub const fn backwards(self) -> Self {
        self.direction(Direction::Backwards)
    }

    /// How many events at most.
    ///
    /// ```
    /// use eventsourcing::port::StreamQuery;
    ///
    /// let query = StreamQuery::new("account/ada".parse()?).limit(10);
    /// assert_eq!(query.limit, 10);
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub const fn limit(mut self, events: i64) -> Self {
        self.limit = events;
        self
    }
}

/// Events of all streams. The default is all of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LogQuery {
    /// Which of them.
    pub filter: Filter,
    /// The first position to read; without it, the log's first forwards and its last backwards.
    pub from: Option<GlobalPosition>,
    /// The highest position to read.
    pub until: Option<GlobalPosition>,
    /// Which way.
    pub direction: Direction,
    /// How many at most: an adapter may give less in a page.
    pub limit: i64,
}

impl LogQuery {
    /// All events that the filter admits, from the first on.
    ///
    /// ```
    /// use eventsourcing::{Category, port::{Filter, LogQuery}};
    ///
    /// let accounts = Filter::new().category(Some(Category::from_static("account")));
    /// let query = LogQuery::new(accounts.clone());
    /// assert_eq!(query.filter, accounts);
    /// ```
    pub const fn new(filter: Filter) -> Self {
        Self { filter, from: None, until: None, direction: Direction::Forwards, limit: i64::MAX }
    }

    /// The first position to read.
    ///
    /// ```
    /// use eventsourcing::{GlobalPosition, port::LogQuery};
    ///
    /// let query = LogQuery::default().from(GlobalPosition::new(7));
    /// assert_eq!(query.from, GlobalPosition::new(7));
    /// ```
    pub const fn from(mut self, position: Option<GlobalPosition>) -> Self {
        self.from = position;
        self
    }

    /// The highest position to read.
    ///
    /// ```
    /// use eventsourcing::{GlobalPosition, port::LogQuery};
    ///
    /// let query = LogQuery::default().until(GlobalPosition::new(900));
    /// assert_eq!(query.until, GlobalPosition::new(900));
    /// ```
    pub const fn until(mut self, position: Option<GlobalPosition>) -> Self {
        self.until = position;
        self
    }

    /// Which way.
    ///
    /// ```
    /// use eventsourcing::port::{Direction, LogQuery};
    ///
    /// let query = LogQuery::default().direction(Direction::Backwards);
    /// assert_eq!(query.direction, Direction::Backwards);
    /// ```
    pub const fn direction(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
    }

    /// The newest first.
    ///
    /// ```
    /// use eventsourcing::port::{Direction, LogQuery};
    ///
    /// let newest = LogQuery::default().backwards().limit(10);
    /// assert_eq!(newest.direction, Direction::Backwards);
    /// ```
    pub const fn backwards(self) -> Self {
        self.direction(Direction::Backwards)
    }

    /// How many events at most.
    ///
    /// ```
    /// use eventsourcing::port::LogQuery;
    ///
    /// assert_eq!(LogQuery::default().limit(10).limit, 10);
    /// ```
    pub const fn limit(mut self, events: i64) -> Self {
        self.limit = events;
        self
    }
}

impl Default for LogQuery {
    fn default() -> Self {
        Self::new(Filter::new())
    }
}

/// Which events of the log are wanted. The default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Only those of streams of this category.
    pub category: Option<Category>,
    /// Only those with one of these tags.
    pub tags: Option<Arc<[Tag]>>,
}

impl Filter {
    /// All events.
    ///
    /// ```
    /// use eventsourcing::port::Filter;
    ///
    /// assert_eq!(Filter::new(), Filter::default());
    /// ```
    pub const fn new() -> Self {
        Self { category: None, tags: None }
    }

    /// Only those of streams of this category.
    ///
    /// ```
    /// use eventsourcing::{Category, port::Filter};
    ///
    /// let filter = Filter::new().category(Some(Category::from_static("account")));
    /// assert_eq!(filter.category.as_ref().map(Category::as_str), Some("account"));
    /// ```
    pub fn category(mut self, category: Option<Category>) -> Self {
        self.category = category;
        self
    }

    /// Only those with one of these tags.
    ///
    /// ```
    /// use eventsourcing::{Tag, port::Filter};
    ///
    /// let filter = Filter::new().tags(Some([Tag::from_static("account.opened")].into()));
    /// assert_eq!(filter.tags.map(|tags| tags.len()), Some(1));
    /// ```
    pub fn tags(mut self, tags: Option<Arc<[Tag]>>) -> Self {
        self.tags = tags;
        self
    }

    /// Whether what stands at a place is wanted: what adapters say in their query language.
    ///
    /// It goes by the text of stream id and tag, so it holds for malformed rows as well. One without a `/` in its stream id
    /// is in no category.
    ///
    /// ```
    /// use eventsourcing::{
    ///     Category, GlobalPosition, Malformed, StreamVersion,
    ///     port::{Filter, Stored},
    /// };
    ///
    /// let (version, position) = (StreamVersion::FIRST, GlobalPosition::FIRST);
    /// let row = Malformed::new("account/7".into(), version, position, "account.opened".into(), "no metadata".into());
    /// let filter = Filter::new().category(Some(Category::from_static("account")));
    /// assert!(filter.admits(&Stored::<Vec<u8>>::Malformed(row)));
    /// ```
    pub fn admits<P>(&self, stored: &Stored<P>) -> bool {
        let category = || stored.stream_id().split_once('/').map(|(category, _)| category);
        self.category.as_ref().is_none_or(|wanted| category() == Some(wanted.as_str()))
            && self.tags.as_ref().is_none_or(|tags| tags.iter().any(|tag| tag.as_str() == stored.tag()))
    }
}
