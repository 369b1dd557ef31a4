//! A store without the types of its events: for tools.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

use super::{
    store::Store,
    stored_events::{Query, StoredEvents},
};
use crate::{
    port::{
        Backend, CategoryQuery, CheckpointQuery, Listed, LogQuery, NamedCheckpoint, PageLimit, StoreError, Stored,
        StoredType, StreamQuery, StreamSummary, StreamsQuery, Via,
    },
    vocabulary::Category,
};

impl<B: Backend> Store<B> {
    /// What the store holds, without the types of its events. Nothing is done in the database.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::port::LogQuery;
    ///
    /// let newest = store.raw().log(LogQuery::default().backwards().limit(1)).next().await.transpose()?;
    /// assert_eq!(newest.as_ref().map(|stored| stored.tag()), Some("account.deposited"));
    /// # Ok(()) }
    /// ```
    pub fn raw(&self) -> Raw<B> {
        Raw { store: self.clone() }
    }
}

/// A store as a tool sees it, which was built without any of its event types: events as JSON text, and lists of what there
/// is. A cheap handle.
///
/// What is asked for is a value, such as a [`LogQuery`], because a tool has it from a command line or an address. Lists come
/// in pages; each says how to ask for the [next](Listed::next).
///
/// ```
#[doc = include_str!("../../docs/example.txt")]
/// use eventsourcing::port::{StreamOrder, StreamQuery, StreamsQuery};
///
/// let raw = store.raw();
/// let longest = raw.streams(StreamsQuery::new().prefix("account/").order(StreamOrder::LONGEST).limit(1)).await?;
/// let stream_id = longest.entries[0].stream_id.parse()?;
/// let mut events = raw.stream(StreamQuery::new(stream_id));
/// while let Some(stored) = events.next().await.transpose()? {
///     let recorded = stored.into_event()?;
///     let json = str::from_utf8(recorded.event.as_ref())?;
///     println!("{} {} v{}: {json}", recorded.position, recorded.tag, recorded.schema_version);
/// #   assert_eq!(json, r#"{"cents":100}"#);
/// }
/// # Ok(()) }
/// ```
pub struct Raw<B: Backend> {
    store: Store<B>,
}

impl<B: Backend> Raw<B> {
    /// The events of one stream. Nothing is read before the first one is asked for.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::port::StreamQuery;
    ///
    /// let query = StreamQuery::new("account/ada".parse()?).backwards().limit(20);
    /// let newest = store.raw().stream(query).next().await.transpose()?;
    /// assert_eq!(newest.map(|stored| stored.version()), Some(StreamVersion::FIRST));
    /// # Ok(()) }
    /// ```
    pub fn stream(&self, query: StreamQuery) -> RawEvents<B> {
        RawEvents::new(self.store.clone(), Query::Stream(query))
    }

    /// The events of all streams, filtered by the database as they are for typed readers. Nothing is read before the first
    /// one is asked for.
    ///
    /// Forwards it follows the same rule as [`Log::read`](super::Log::read): it waits for open transactions whose events
    /// may still come before others, so that nobody who resumes after its last position misses one. That takes a connection
    /// to the end of the log, which a standby does not give. Backwards it reads what is committed, also from a standby.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::{Tag, port::{Filter, LogQuery}};
    ///
    /// let filter = Filter::new()
    ///     .category(Some(Category::from_static("account")))
    ///     .tags(Some([Tag::from_static("account.deposited")].into()));
    /// let mut events = store.raw().log(LogQuery::new(filter).limit(1_000));
    /// while let Some(stored) = events.next().await.transpose()? {
    ///     println!("{} in {}", stored.tag(), stored.stream_id());
    /// }
    /// # Ok(()) }
    /// ```
    pub fn log(&self, query: LogQuery) -> RawEvents<B> {
        RawEvents::new(self.store.clone(), Query::Log(query))
    }

    /// A page of the categories that have streams. It costs a look into an index for each of them, however long the log is.
    ///
    /// # Errors
    ///
    /// Those of the store: [`Unavailable`](StoreError::Unavailable) when the database is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::port::CategoryQuery;
    ///
    /// let mut next = Some(CategoryQuery::new());
    /// while let Some(query) = next {
    ///     let page = store.raw().categories(query).await?;
    ///     for category in &page.entries {
    ///         println!("{category}");
    ///     }
    ///     next = page.next;
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn categories(&self, query: CategoryQuery) -> Result<Listed<Category, CategoryQuery>, StoreError> {
        self.store.backend().categories(query).await
    }

    /// A page of the streams, in one of three orders; [`StreamOrder`](crate::port::StreamOrder) says what each costs.
    ///
    /// A page has less than its limit only when it is the last one.
    ///
    /// # Errors
    ///
    /// Those of the store: [`Unavailable`](StoreError::Unavailable) when the database is not reached,
    /// [`Cancelled`](StoreError::Cancelled) when a `statement_timeout` does not let it look at all streams for the longest.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::port::{StreamOrder, StreamsQuery};
    ///
    /// let latest = store.raw().streams(StreamsQuery::new().order(StreamOrder::LATEST).limit(20)).await?;
    /// for stream in &latest.entries {
    ///     println!("{} is at version {} since {}", stream.stream_id, stream.version, stream.recorded_at);
    /// }
    /// # assert_eq!(latest.entries.len(), 1);
    /// # Ok(()) }
    /// ```
    pub async fn streams(&self, query: StreamsQuery) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
        let limit = query.limit;
        let wanted = usize::from(limit.get());
        let mut page = self.store.backend().streams(query).await?;
        while page.entries.len() < wanted
            && let Some(next) = page.next.take()
        {
            let missing = u32::try_from(wanted - page.entries.len()).map_or(PageLimit::MOST, PageLimit::new);
            let more = self.store.backend().streams(StreamsQuery { limit: missing, ..next }).await?;
            page.entries.extend(more.entries);
            page.next = more.next.map(|next| StreamsQuery { limit, ..next });
        }
        Ok(page)
    }

    /// A page of the checkpoints: which consumers the store knows, and how far each has come.
    ///
    /// # Errors
    ///
    /// Those of the store: [`Unavailable`](StoreError::Unavailable) when the database is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::port::CheckpointQuery;
    ///
    /// for consumer in store.raw().checkpoints(CheckpointQuery::new()).await?.entries {
    ///     println!("{} is at {:?} since {}", consumer.name, consumer.checkpoint.position, consumer.updated_at);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn checkpoints(
        &self,
        query: CheckpointQuery,
    ) -> Result<Listed<NamedCheckpoint, CheckpointQuery>, StoreError> {
        self.store.backend().checkpoints(query).await
    }

    /// The types of events that the store holds, in each of their versions. All of them: they are as many as somebody has
    /// written in code.
    ///
    /// # Errors
    ///
    /// Those of the store: [`Unavailable`](StoreError::Unavailable) when the database is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// for stored in store.raw().event_types().await? {
    ///     println!("{} v{}, first at {}", stored.tag, stored.schema_version, stored.first_position);
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn event_types(&self) -> Result<Vec<StoredType>, StoreError> {
        self.store.backend().stored_types().await
    }
}

impl<B: Backend> Clone for Raw<B> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone() }
    }
}

impl<B: Backend> fmt::Debug for Raw<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Raw").finish_non_exhaustive()
    }
}

/// Stored events without their types, one after the other: [`next`](Self::next), or a futures `Stream`.
///
/// Each is a [`Stored`]: an event with its JSON text, or a row that is [malformed](crate::Malformed), which ends nothing
/// here. Retired events are events. They are read in pages, and between pages no connection is held.
///
/// ```
#[doc = include_str!("../../docs/example.txt")]
/// use eventsourcing::port::{LogQuery, Stored};
///
/// let mut events = store.raw().log(LogQuery::default());
/// while let Some(stored) = events.next().await.transpose()? {
///     match stored {
///         Stored::Event(recorded) => println!("{}: {}", recorded.stream_id, recorded.tag),
///         Stored::Malformed(row) => println!("{row}"),
///         _ => {}
///     }
/// }
/// # Ok(()) }
/// ```
pub struct RawEvents<B: Backend> {
    stored: StoredEvents<'static, B>,
}

impl<B: Backend> RawEvents<B> {
    fn new(store: Store<B>, mut query: Query) -> Self {
        let limit = query.limit();
        *limit = (*limit).max(0);
        Self { stored: StoredEvents::new(store, Via::Store, query) }
    }

    /// What stands at the next place; `None` when there is no more.
    ///
    /// Cancel safe: an event is lost only with the whole reader.
    ///
    /// # Errors
    ///
    /// Those of the store, after which there is nothing more.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use eventsourcing::port::LogQuery;
    ///
    /// let mut events = store.raw().log(LogQuery::default());
    /// assert!(events.next().await.transpose()?.is_some());
    /// assert!(events.next().await.is_none());
    /// # Ok(()) }
    /// ```
    pub async fn next(&mut self) -> Option<Result<Stored<B::Payload>, StoreError>> {
        std::future::poll_fn(|context| self.stored.poll_next(context)).await
    }
}

// Nothing in it is pinned in place: the future of a page has a box of its own.
impl<B: Backend> Unpin for RawEvents<B> {}

impl<B: Backend> Stream for RawEvents<B> {
    type Item = Result<Stored<B::Payload>, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.stored.poll_next(context)
    }
}

impl<B: Backend> fmt::Debug for RawEvents<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEvents").field("buffered", &self.stored.buffered()).finish_non_exhaustive()
    }
}
