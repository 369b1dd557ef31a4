//! Port: lists of what a store holds, for tools that know none of its event types.
//!
//! A list is read in pages. Each page says with which query the next one begins, by what the last entry is and never by how
//! many came before it, so a page costs the same however far down the list it is.

use super::{
    consumers::{Checkpoint, DeclaredTag},
    error::StoreError,
    transactions::Transactions,
};
use crate::vocabulary::{Category, GlobalPosition, StreamVersion, Timestamp};

/// Lists what a store holds, without reading the log from end to end.
pub trait Lists: Transactions {
    /// A page of the categories that have streams.
    fn categories(
        &self,
        query: CategoryQuery,
    ) -> impl Future<Output = Result<Listed<Category, CategoryQuery>, StoreError>> + Send;

    /// A page of the streams.
    ///
    /// In the order of [`Latest`](StreamOrder::Latest) a page looks at a bounded number of events. It may be short then, or
    /// have nothing, although another one follows.
    fn streams(
        &self,
        query: StreamsQuery,
    ) -> impl Future<Output = Result<Listed<StreamSummary, StreamsQuery>, StoreError>> + Send;

    /// A page of the checkpoints, by the names of their consumers.
    fn checkpoints(
        &self,
        query: CheckpointQuery,
    ) -> impl Future<Output = Result<Listed<NamedCheckpoint, CheckpointQuery>, StoreError>> + Send;
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed<T, Q> {
    /// The entries, in order.
    pub entries: Vec<T>,
    /// What to ask for the entries behind these; `None` when there are none.
    pub next: Option<Q>,
}

/// How many events a page of the latest streams goes back at most.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) const EVENTS_LOOKED_AT: i64 = 10_000;

impl<T, Q> Listed<T, Q> {
    /// A page, and the query for the next one.
    pub const fn new(entries: Vec<T>, next: Option<Q>) -> Self {
        Self { entries, next }
    }

    /// A page of entries of which one more was asked for than it may have, so that the last page says that it is the last.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn cut(mut entries: Vec<T>, limit: PageLimit, behind: impl FnOnce(&T) -> Q) -> Self {
        let has_more = entries.len() > usize::from(limit.get());
        entries.truncate(limit.get().into());
        let next = entries.last().filter(|_| has_more).map(behind);
        Self { entries, next }
    }
}

/// How many entries a page has: 100 unless given, 1,000 at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimit(u16);

impl PageLimit {
    /// The most entries that a page may have.
    pub const MOST: Self = Self(1_000);

    /// This many entries: at least 1, and no more than [`MOST`](Self::MOST).
    ///
    /// ```
    /// use eventsourcing::port::PageLimit;
    ///
    /// assert_eq!(PageLimit::new(20).get(), 20);
    /// assert_eq!(PageLimit::new(1_000_000), PageLimit::MOST);
    /// ```
    pub fn new(entries: u32) -> Self {
        Self(u16::try_from(entries).unwrap_or(u16::MAX).clamp(1, Self::MOST.0))
    }

    /// How many entries that are.
    ///
    /// ```
    /// assert_eq!(eventsourcing::port::PageLimit::default().get(), 100);
    /// ```
    pub const fn get(self) -> u16 {
        self.0
    }

    /// One entry more than the page has.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn and_one_more(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for PageLimit {
    fn default() -> Self {
        Self(100)
    }
}

/// Which categories to list. The default is all, from the first on.
///
/// They come in the order of their streams' ids, in which `a.b/1` stands before `a/1`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CategoryQuery {
    /// The category behind which to begin.
    pub after: Option<Category>,
    /// How many in a page.
    pub limit: PageLimit,
}

impl CategoryQuery {
    /// All categories.
    ///
    /// ```
    /// use eventsourcing::port::CategoryQuery;
    ///
    /// assert_eq!(CategoryQuery::new().limit.get(), 100);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The category behind which to begin.
    ///
    /// ```
    /// use eventsourcing::{Category, port::CategoryQuery};
    ///
    /// let query = CategoryQuery::new().after(Some(Category::from_static("account")));
    /// assert_eq!(query.after.as_ref().map(Category::as_str), Some("account"));
    /// ```
    pub fn after(mut self, category: Option<Category>) -> Self {
        self.after = category;
        self
    }

    /// How many in a page; see [`PageLimit`].
    ///
    /// ```
    /// use eventsourcing::port::CategoryQuery;
    ///
    /// assert_eq!(CategoryQuery::new().limit(20).limit.get(), 20);
    /// ```
    pub fn limit(mut self, entries: u32) -> Self {
        self.limit = PageLimit::new(entries);
        self
    }
}

/// Which streams to list, and in which order. The default is all of them, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamsQuery {
    /// What the ids begin with: `account/` for the streams of a category, a longer text for some of them.
    pub prefix: String,
    /// The order, and where to begin.
    pub order: StreamOrder,
    /// How many in a page.
    pub limit: PageLimit,
}

impl StreamsQuery {
    /// All streams.
    ///
    /// ```
    /// use eventsourcing::port::{StreamOrder, StreamsQuery};
    ///
    /// assert_eq!(StreamsQuery::new().order, StreamOrder::ById { after: None });
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// What the ids begin with.
    ///
    /// ```
    /// use eventsourcing::port::StreamsQuery;
    ///
    /// assert_eq!(StreamsQuery::new().prefix("account/ch-").prefix, "account/ch-");
    /// ```
    pub fn prefix(mut self, text: impl Into<String>) -> Self {
        self.prefix = text.into();
        self
    }

    /// The order, and where to begin.
    ///
    /// ```
    /// use eventsourcing::port::{StreamOrder, StreamsQuery};
    ///
    /// let latest = StreamsQuery::new().order(StreamOrder::LATEST);
    /// assert_eq!(latest.order, StreamOrder::Latest { before: None });
    /// ```
    pub fn order(mut self, order: StreamOrder) -> Self {
        self.order = order;
        self
    }

    /// How many in a page; see [`PageLimit`].
    ///
    /// ```
    /// use eventsourcing::port::StreamsQuery;
    ///
    /// assert_eq!(StreamsQuery::new().limit(20).limit.get(), 20);
    /// ```
    pub fn limit(mut self, entries: u32) -> Self {
        self.limit = PageLimit::new(entries);
        self
    }
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
impl StreamsQuery {
    /// A page of streams in the order of their ids or of their lengths, of which one more was asked for than it may have.
    pub(crate) fn page(self, entries: Vec<StreamSummary>) -> Listed<StreamSummary, Self> {
        let behind = |last: &StreamSummary| match self.order {
            StreamOrder::ById { .. } => StreamOrder::ById { after: Some(last.stream_id.clone()) },
            StreamOrder::Latest { .. } => StreamOrder::Latest { before: Some(last.position) },
            StreamOrder::Longest { .. } => StreamOrder::Longest { after: Some((last.version, last.stream_id.clone())) },
        };
        Listed::cut(entries, self.limit, |last| self.clone().order(behind(last)))
    }

    /// A page of the latest streams, for which the log was looked at down to `lowest`, and whether that was all of it.
    pub(crate) fn latest_page(
        self,
        entries: Vec<StreamSummary>,
        lowest: Option<GlobalPosition>,
        is_whole: bool,
    ) -> Listed<StreamSummary, Self> {
        let is_full = entries.len() >= usize::from(self.limit.get());
        let last = entries.last().filter(|_| is_full).map(|last| last.position);
        let before = last.or(lowest.filter(|_| !is_whole));
        Listed::new(entries, before.map(|before| self.order(StreamOrder::Latest { before: Some(before) })))
    }
}

/// In which order streams are listed, and where the list begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamOrder {
    /// By their ids, those behind `after`. A page costs a look into the index for each of its streams.
    ById {
        /// The text of the id behind which to begin.
        after: Option<String>,
    },
    /// Those first to which something was appended last. A page goes back in the log until it has found its streams.
    Latest {
        /// Only streams whose last event stands before this position.
        before: Option<GlobalPosition>,
    },
    /// Those with the most events first, by their last versions. No index knows this order: each page costs a look at every
    /// stream with the prefix.
    Longest {
        /// The last version and the id of the stream behind which to begin.
        after: Option<(StreamVersion, String)>,
    },
}

impl Default for StreamOrder {
    fn default() -> Self {
        Self::ById { after: None }
    }
}

impl StreamOrder {
    /// Those first to which something was appended last.
    pub const LATEST: Self = Self::Latest { before: None };

    /// Those with the most events first.
    pub const LONGEST: Self = Self::Longest { after: None };
}

/// What is known of a stream without its events: where the last of them stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamSummary {
    /// The text of its id. It is no [`StreamId`](crate::StreamId) where somebody has written it by other means.
    pub stream_id: String,
    /// The version of its last event; so many events it has, unless the first have been erased.
    pub version: StreamVersion,
    /// Where its last event stands.
    pub position: GlobalPosition,
    /// When its last event was written, by the store's clock.
    pub recorded_at: Timestamp,
}

impl StreamSummary {
    /// A stream whose last event stands here.
    pub const fn new(
        stream_id: String,
        version: StreamVersion,
        position: GlobalPosition,
        recorded_at: Timestamp,
    ) -> Self {
        Self { stream_id, version, position, recorded_at }
    }
}

/// Which checkpoints to list. The default is all, from the first on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckpointQuery {
    /// The name of the consumer behind which to begin.
    pub after: Option<String>,
    /// How many in a page.
    pub limit: PageLimit,
}

impl CheckpointQuery {
    /// All checkpoints.
    ///
    /// ```
    /// use eventsourcing::port::CheckpointQuery;
    ///
    /// assert_eq!(CheckpointQuery::new().after, None);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the consumer behind which to begin.
    ///
    /// ```
    /// use eventsourcing::port::CheckpointQuery;
    ///
    /// let query = CheckpointQuery::new().after(Some("balances".to_owned()));
    /// assert_eq!(query.after.as_deref(), Some("balances"));
    /// ```
    pub fn after(mut self, name: Option<String>) -> Self {
        self.after = name;
        self
    }

    /// How many in a page; see [`PageLimit`].
    ///
    /// ```
    /// use eventsourcing::port::CheckpointQuery;
    ///
    /// assert_eq!(CheckpointQuery::new().limit(20).limit.get(), 20);
    /// ```
    pub fn limit(mut self, entries: u32) -> Self {
        self.limit = PageLimit::new(entries);
        self
    }
}

/// How far a named consumer has come, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedCheckpoint {
    /// The name of the consumer.
    pub name: String,
    /// How far it has come.
    pub checkpoint: Checkpoint,
    /// When the checkpoint last moved, by the store's clock.
    pub updated_at: Timestamp,
    /// What kind of consumer it is, such as a projection; `None` when nobody has declared it.
    pub kind: Option<String>,
    /// The tags that it takes, in the order of their names; `None` when nobody has declared them.
    pub declared: Option<Vec<DeclaredTag>>,
}

impl NamedCheckpoint {
    /// A checkpoint of which nothing is declared.
    pub const fn new(name: String, checkpoint: Checkpoint, updated_at: Timestamp) -> Self {
        Self { name, checkpoint, updated_at, kind: None, declared: None }
    }

    /// What kind of consumer it has been declared to be.
    pub fn kind(mut self, kind: Option<String>) -> Self {
        self.kind = kind;
        self
    }

    /// The tags that have been declared.
    pub fn declared(mut self, declared: Option<Vec<DeclaredTag>>) -> Self {
        self.declared = declared;
        self
    }
}
