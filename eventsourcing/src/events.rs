//! Floor 3b: reading stored events, page by page, so that no connection is held while one is handled. Knows no adapter.

use std::{
    collections::VecDeque,
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::TryStreamExt;

use crate::{
    codec::DecodeError,
    handle::Store,
    position::{GlobalPosition, StreamVersion},
    record::{Encoded, Recorded, Tag},
    schema::Event,
    store::{Backend, Direction, Filter, LogQuery, StoreError, StoredEvent, StreamQuery, Tail, Via},
    stream_id::StreamId,
};

/// Stored events, one after the other: [`next`](Self::next), or a futures `Stream`.
///
/// `P` says what they are counted by: a [`StreamVersion`] in one stream, a [`GlobalPosition`] over all. Retired events are
/// passed over. After an error there is nothing more.
///
/// ```no_run
/// # use eventsourcing::{Event, StreamVersion, Stream};
/// # async fn run<E: Event>(stream: Stream<E>) -> Result<(), Box<dyn std::error::Error>> {
/// let mut latest = stream.read().backwards().limit(10);
/// while let Some(recorded) = latest.next().await {
///     println!("version {}", recorded?.version);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Events<'c, E, B: Backend, P> {
    pages: Pages<'c, B>,
    buffer: VecDeque<StoredEvent<B::Payload>>,
    marker: PhantomData<fn() -> (E, P)>,
}

/// Where the pages come from.
enum Pages<'c, B: Backend> {
    Ready(Reader<'c, B>),
    Reading(Pin<Box<dyn Future<Output = Page<'c, B>> + Send + 'c>>),
    Done,
}

/// A page, and what reads the next one if there may be one.
type Page<'c, B> = Result<(Vec<StoredEvent<<B as Backend>::Payload>>, Option<Reader<'c, B>>), StoreError>;

struct Reader<'c, B: Backend> {
    store: Store<B>,
    via: Via<'c, B::Connection>,
    query: Query,
    size: PageSize,
}

enum Query {
    Stream(StreamQuery),
    Log(LogQuery),
}

impl<'c, E: Event, B: Backend, P> Events<'c, E, B, P> {
    fn new(store: Store<B>, via: Via<'c, B::Connection>, query: Query) -> Self {
        let reader = Reader { store, via, query, size: PageSize::default() };
        Self { pages: Pages::Ready(reader), buffer: VecDeque::new(), marker: PhantomData }
    }

    /// At most this many events. Set it before the first event is read.
    pub fn limit(mut self, events: u32) -> Self {
        if let Pages::Ready(reader) = &mut self.pages {
            *reader.query.limit() = i64::from(events);
        }
        self
    }

    /// The newest event first. Set it before the first event is read.
    pub fn backwards(mut self) -> Self {
        if let Pages::Ready(reader) = &mut self.pages {
            match &mut reader.query {
                Query::Stream(query) => query.direction = Direction::Backwards,
                Query::Log(query) => query.direction = Direction::Backwards,
            }
        }
        self
    }

    /// The next event; `None` when there is no more.
    ///
    /// Cancel safe: an event is lost only with the whole reader.
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

    /// Begins with this version. Set it before the first event is read.
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

    /// Begins with this position. Set it before the first event is read.
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
                Pages::Ready(reader) => self.pages = Pages::Reading(Box::pin(reader.page())),
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
        self.settle().await?;
        let wanted = *self.query.limit();
        let limit = wanted.min(self.size.events());
        let backend = self.store.backend();
        let events: Vec<_> = match &self.query {
            Query::Stream(query) => {
                let query = StreamQuery { limit, ..query.clone() };
                backend.read_stream(self.via.reborrow(), query).try_collect().await?
            }
            Query::Log(query) => backend.read_log(LogQuery { limit, ..query.clone() }).try_collect().await?,
        };
        self.size.adapt(&events);
        let read = i64::try_from(events.len()).unwrap_or(i64::MAX);
        *self.query.limit() = wanted - read;
        let goes_on = read == limit && wanted > read && events.last().is_some_and(|last| self.query.resume_after(last));
        Ok((events, goes_on.then_some(self)))
    }

    /// A forwards read of the log ends where everything has been decided.
    async fn settle(&mut self) -> Result<(), StoreError> {
        if let Query::Log(query @ LogQuery { direction: Direction::Forwards, until: None, .. }) = &mut self.query {
            let settled = self.store.backend().tail().await?.settle().await?;
            match settled {
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
    fn resume_after<P>(&mut self, event: &StoredEvent<P>) -> bool {
        match self {
            Self::Stream(query) => {
                query.from = StreamVersion::new(beside(event.version.get(), query.direction));
                query.from.is_some()
            }
            Self::Log(query) => {
                query.from = GlobalPosition::new(beside(event.position.get(), query.direction));
                query.from.is_some()
            }
        }
    }
}

fn beside(number: i64, direction: Direction) -> i64 {
    match direction {
        Direction::Forwards => number.saturating_add(1),
        Direction::Backwards => number - 1,
    }
}

/// How many events a page has: as many as make up a few MiB, going by the last one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize(i64);

impl PageSize {
    const BYTES: usize = 4 << 20;
    const MOST: usize = 2_000;

    pub(crate) fn events(self) -> i64 {
        self.0
    }

    pub(crate) fn adapt<P: AsRef<[u8]>>(&mut self, page: &[StoredEvent<P>]) {
        if !page.is_empty() {
            let average = bytes(page) / page.len() + 1;
            self.0 = i64::try_from((Self::BYTES / average).clamp(1, Self::MOST)).unwrap_or(1);
        }
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(500)
    }
}

/// About how much memory the events take.
pub(crate) fn bytes<P: AsRef<[u8]>>(events: &[StoredEvent<P>]) -> usize {
    const RECORD: usize = 256;
    events.iter().map(|event| RECORD + event.event.payload.as_ref().len()).sum()
}

/// The typed event of a stored one; `None` when it is retired.
pub(crate) fn decode<E: Event, P: AsRef<[u8]>>(stored: StoredEvent<P>) -> Result<Option<Recorded<E>>, ReadError> {
    let (Encoded { tag, schema_version, payload }, place) = stored.split();
    let encoded = Encoded { tag, schema_version, payload: payload.as_ref() };
    match E::decode(&encoded) {
        Ok(event) => Ok(event.map(|event| place.with_event(event))),
        Err(source) => Err(ReadError::Decode {
            stream_id: place.stream_id,
            version: place.version,
            position: place.position,
            tag: encoded.tag,
            source,
        }),
    }
}

/// Why stored events could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// An event is not readable as the wanted event type.
    #[error("event {version} of stream `{stream_id}`, at position {position}, is not readable: {source}")]
    Decode {
        /// The stream of the event.
        stream_id: StreamId,
        /// Its place in the stream.
        version: StreamVersion,
        /// Its place among all events.
        position: GlobalPosition,
        /// Its stored tag.
        tag: Tag,
        /// What is wrong with it, and where in its payload.
        source: DecodeError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<E, B: Backend, P> fmt::Debug for Events<'_, E, B, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("buffered", &self.buffer.len()).finish_non_exhaustive()
    }
}
