//! Reading stored events, page by page, so that no connection is held while one is handled.

use std::{
    collections::VecDeque,
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;

use super::store::Store;
use crate::{
    engine::{
        decode::{ReadError, decode},
        log::Tailer,
        pages::Scan,
    },
    port::{Backend, Direction, Filter, LogQuery, Reads, StoreError, Stored, StreamQuery, Via},
    schema::Event,
    vocabulary::{GlobalPosition, Recorded, StreamId, StreamVersion},
};

/// Stored events, one after the other: [`next`](Self::next), or a futures `Stream`.
///
/// `P` says what they are counted by: a [`StreamVersion`] in one stream, a [`GlobalPosition`] over all. Retired events
/// are passed over. After an error there is nothing more.
///
/// Events are read in pages, the first when the first event is asked for; between pages no connection is held.
///
/// ```
#[doc = include_str!("../../docs/example.txt")]
/// let stream = store.stream::<AccountEvent>("account/ada".parse()?);
/// let mut latest = stream.read().backwards().limit(10);
/// while let Some(recorded) = latest.next().await.transpose()? {
///     println!("version {}", recorded.version);
/// }
/// # Ok(()) }
/// ```
pub struct Events<'c, E, B: Backend, P> {
    pages: Pages<'c, B>,
    buffer: VecDeque<Stored<B::Payload>>,
    marker: PhantomData<fn() -> (E, P)>,
}

/// Where the pages come from.
enum Pages<'c, B: Backend> {
    Ready(Reader<'c, B>),
    Reading(Pin<Box<dyn Future<Output = Page<'c, B>> + Send + 'c>>),
    Done,
}

/// What one statement has read, and what reads on if there may be more.
type Page<'c, B> = Result<(Vec<Stored<<B as Reads>::Payload>>, Option<Reader<'c, B>>), StoreError>;

struct Reader<'c, B: Backend> {
    store: Store<B>,
    via: Via<'c, B::Connection>,
    query: Query,
    scan: Scan,
    /// Held, so that the reads of a store have one tailer together.
    tailer: Option<Arc<Tailer<B>>>,
}

enum Query {
    Stream(StreamQuery),
    Log(LogQuery),
}

impl<'c, E: Event, B: Backend, P> Events<'c, E, B, P> {
    fn new(store: Store<B>, via: Via<'c, B::Connection>, query: Query) -> Self {
        let reader = Reader { store, via, query, scan: Scan::default(), tailer: None };
        Self { pages: Pages::Ready(reader), buffer: VecDeque::new(), marker: PhantomData }
    }

    /// At most this many events; retired ones, which are passed over, count. Set it before the first event is read:
    /// later it does nothing.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// use futures_util::TryStreamExt;
    ///
    /// let stream = store.stream("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, vec![AccountEvent::Withdrawn { cents: 1 }; 20]).await?;
    /// let page: Vec<Recorded<AccountEvent>> = stream.read().limit(10).try_collect().await?;
    /// assert_eq!(page.len(), 10);
    /// # Ok(()) }
    /// ```
    pub fn limit(mut self, events: u32) -> Self {
        if let Pages::Ready(reader) = &mut self.pages {
            *reader.query.limit() = i64::from(events);
        }
        self
    }

    /// The newest event first. Set it before the first event is read: later it does nothing.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// let latest = stream.read().backwards().next().await.transpose()?;
    /// assert_eq!(latest.map(|recorded| recorded.event), Some(AccountEvent::Withdrawn { cents: 30 }));
    /// # Ok(()) }
    /// ```
    pub fn backwards(mut self) -> Self {
        if let Pages::Ready(reader) = &mut self.pages {
            match &mut reader.query {
                Query::Stream(query) => query.direction = Direction::Backwards,
                Query::Log(query) => query.direction = Direction::Backwards,
            }
        }
        self
    }

    /// The next event; `None` when there is no more. It waits for the database, and in the log for transactions that
    /// may still commit events before this one; it does not wait for events that nobody has appended.
    ///
    /// Cancel safe: an event is lost only with the whole reader.
    ///
    /// # Errors
    ///
    /// A [`ReadError`], after which there is nothing more: an event that `E` does not read, or a store that failed.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut events = store.stream::<AccountEvent>("account/ada".parse()?).read();
    /// let deposit = events.next().await.transpose()?;
    /// assert!(deposit.is_some());
    /// assert!(events.next().await.is_none());
    /// # Ok(()) }
    /// ```
    pub async fn next(&mut self) -> Option<Result<Recorded<E>, ReadError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<'c, E: Event, B: Backend> Events<'c, E, B, StreamVersion> {
    pub(crate) fn of_stream(store: Store<B>, via: Via<'c, B::Connection>, stream_id: StreamId) -> Self {
        let direction = Direction::Forwards;
        let query = StreamQuery { stream_id, from: None, until: None, direction, limit: i64::MAX };
        Self::new(store, via, Query::Stream(query))
    }

    /// Begins with this version, which is included; backwards, it goes down from there. Set it before the first event
    /// is read: later it does nothing.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// let second = StreamVersion::new(2).ok_or("no version")?;
    /// let recorded = stream.read().from(second).next().await.transpose()?;
    /// assert_eq!(recorded.map(|recorded| recorded.event), Some(AccountEvent::Withdrawn { cents: 30 }));
    /// # Ok(()) }
    /// ```
    pub fn from(mut self, version: StreamVersion) -> Self {
        if let Pages::Ready(Reader { query: Query::Stream(query), .. }) = &mut self.pages {
            query.from = Some(version);
        }
        self
    }
}

impl<E: Event, B: Backend> Events<'static, E, B, GlobalPosition> {
    pub(crate) fn of_log(store: Store<B>, filter: Filter) -> Self {
        let query = LogQuery { filter, from: None, until: None, direction: Direction::Forwards, limit: i64::MAX };
        Self::new(store, Via::Store, Query::Log(query))
    }

    /// Begins with this position, which is included; backwards, it goes down from there. Set it before the first event
    /// is read: later it does nothing.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let stream = store.stream("account/grace".parse()?);
    /// let appended = stream.append(ExpectedVersion::Any, [AccountEvent::Deposited { cents: 50 }]).await?;
    /// let position = appended.position.ok_or("nothing was appended")?;
    /// let recorded = store.all::<AccountEvent>().read().from(position).next().await.transpose()?;
    /// assert_eq!(recorded.map(|recorded| recorded.event), Some(AccountEvent::Deposited { cents: 50 }));
    /// # Ok(()) }
    /// ```
    pub fn from(mut self, position: GlobalPosition) -> Self {
        if let Pages::Ready(Reader { query: Query::Log(query), .. }) = &mut self.pages {
            query.from = Some(position);
        }
        self
    }
}

// Nothing in it is pinned in place: the future of a page has a box of its own.
impl<E, B: Backend, P> Unpin for Events<'_, E, B, P> {}

impl<E: Event, B: Backend, P> Stream for Events<'_, E, B, P> {
    type Item = Result<Recorded<E>, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            while let Some(stored) = self.buffer.pop_front() {
                match decode(stored) {
                    Ok(Some(recorded)) => return Poll::Ready(Some(Ok(recorded))),
                    Ok(None) => {}
                    Err(error) => return Poll::Ready(Some(Err(self.end_with(error)))),
                }
            }
            match std::mem::replace(&mut self.pages, Pages::Done) {
                Pages::Done => return Poll::Ready(None),
                Pages::Ready(reader) => match reader.store.meet::<E>() {
                    Ok(()) => self.pages = Pages::Reading(Box::pin(reader.page())),
                    Err(error) => return Poll::Ready(Some(Err(self.end_with(error.into())))),
                },
                Pages::Reading(mut page) => match page.as_mut().poll(context) {
                    Poll::Pending => {
                        self.pages = Pages::Reading(page);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok((events, reader))) => {
                        self.buffer = events.into();
                        self.pages = reader.map_or(Pages::Done, Pages::Ready);
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(self.end_with(error.into())))),
                },
            }
        }
    }
}

impl<E, B: Backend, P> Events<'_, E, B, P> {
    fn end_with(&mut self, error: ReadError) -> ReadError {
        self.buffer.clear();
        self.pages = Pages::Done;
        error
    }
}

impl<'c, B: Backend> Reader<'c, B> {
    async fn page(mut self) -> Page<'c, B> {
        let (events, goes_on) = loop {
            match self.read().await {
                // In the caller's transaction nothing can be read after it.
                Err(StoreError::Cancelled { .. }) if matches!(self.via, Via::Store) && self.scan.shorten() => {}
                read => break read?,
            }
        };
        let read = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let limit = self.query.limit();
        *limit -= read;
        let goes_on = goes_on && *limit > 0;
        Ok((events, goes_on.then_some(self)))
    }

    /// What one statement reads, and whether there may be more behind it.
    async fn read(&mut self) -> Result<(Vec<Stored<B::Payload>>, bool), StoreError> {
        self.settle().await?;
        let backend = self.store.backend();
        let limit = (*self.query.limit()).min(self.scan.events());
        let page = match &mut self.query {
            Query::Stream(query) => {
                backend.read_stream(self.via.reborrow(), StreamQuery { limit, ..query.clone() }).await?
            }
            Query::Log(LogQuery { filter, from, until: Some(until), direction: Direction::Forwards, .. }) => {
                let first = from.unwrap_or(GlobalPosition::FIRST);
                if first > *until {
                    return Ok((Vec::new(), false));
                }
                let (events, reached) = self.scan.log(backend, filter, (first, *until), limit).await?;
                *from = reached.get().checked_add(1).and_then(GlobalPosition::new);
                return Ok((events, from.is_some() && reached < *until));
            }
            Query::Log(query) => backend.read_log(LogQuery { limit, ..query.clone() }).await?,
        };
        self.scan.adapt(&page);
        let goes_on = page.more && page.events.last().is_some_and(|last| self.query.resume_after(last));
        Ok((page.events, goes_on))
    }

    /// A forwards read of the log ends where everything has been decided.
    async fn settle(&mut self) -> Result<(), StoreError> {
        if let Query::Log(query @ LogQuery { direction: Direction::Forwards, until: None, .. }) = &mut self.query {
            let tailer = self.tailer.insert(self.store.tailer());
            match tailer.settled_now(self.store.backend(), || self.store.open_transactions()).await? {
                Some(settled) => query.until = Some(settled),
                None => query.limit = 0,
            }
        }
        Ok(())
    }
}

impl Query {
    fn limit(&mut self) -> &mut i64 {
        match self {
            Self::Stream(query) => &mut query.limit,
            Self::Log(query) => &mut query.limit,
        }
    }

    /// Goes on behind this event; `false` when nothing can stand there.
    fn resume_after<P>(&mut self, last: &Stored<P>) -> bool {
        match self {
            Self::Stream(query) => {
                query.from = beside(last.version().get(), query.direction).and_then(StreamVersion::new);
                query.from.is_some()
            }
            Self::Log(query) => {
                query.from = beside(last.position().get(), query.direction).and_then(GlobalPosition::new);
                query.from.is_some()
            }
        }
    }
}

fn beside(number: i64, direction: Direction) -> Option<i64> {
    match direction {
        Direction::Forwards => number.checked_add(1),
        Direction::Backwards => number.checked_sub(1),
    }
}

impl<E, B: Backend, P> fmt::Debug for Events<'_, E, B, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("buffered", &self.buffer.len()).finish_non_exhaustive()
    }
}
