//! What a store holds, page by page, so that no connection is held while an event is handled: below those who read it
//! typed, and those who do not.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::store::Store;
use crate::{
    engine::{log::Tailer, pages::Scan},
    port::{Backend, Direction, LogQuery, Reads, StoreError, Stored, StreamQuery, Via},
    vocabulary::{GlobalPosition, StreamVersion},
};

/// What stands at the places that a query asks for, one after the other. After an error there is nothing more.
pub(super) struct StoredEvents<'c, B: Backend> {
    pages: Pages<'c, B>,
    buffer: VecDeque<Stored<B::Payload>>,
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
    /// Whether it is known up to where everything in the log has been decided.
    is_settled: bool,
}

pub(super) enum Query {
    Stream(StreamQuery),
    Log(LogQuery),
}

impl<'c, B: Backend> StoredEvents<'c, B> {
    pub(super) fn new(store: Store<B>, via: Via<'c, B::Connection>, query: Query) -> Self {
        let reader = Reader { store, via, query, scan: Scan::default(), tailer: None, is_settled: false };
        Self { pages: Pages::Ready(reader), buffer: VecDeque::new() }
    }

    /// What is asked for; `None` while a page is being read.
    pub(super) fn query(&mut self) -> Option<&mut Query> {
        match &mut self.pages {
            Pages::Ready(reader) => Some(&mut reader.query),
            Pages::Reading(_) | Pages::Done => None,
        }
    }

    /// The store, unless a page of it is being read.
    pub(super) fn store(&self) -> Option<&Store<B>> {
        match &self.pages {
            Pages::Ready(reader) => Some(&reader.store),
            Pages::Reading(_) | Pages::Done => None,
        }
    }

    /// How many have been read and not handed out.
    pub(super) fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// Hands out nothing more.
    pub(super) fn end(&mut self) {
        self.buffer.clear();
        self.pages = Pages::Done;
    }

    /// What stands at the next place.
    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Stored<B::Payload>, StoreError>>> {
        loop {
            if let Some(stored) = self.buffer.pop_front() {
                return Poll::Ready(Some(Ok(stored)));
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
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                },
            }
        }
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
        match &mut self.query {
            Query::Log(query) if query.direction == Direction::Forwards && !self.is_settled => {
                let tailer = self.tailer.insert(self.store.tailer());
                match tailer.settled_now(self.store.backend(), || self.store.open_transactions()).await? {
                    Some(settled) => query.until = Some(query.until.map_or(settled, |until| until.min(settled))),
                    None => query.limit = 0,
                }
                self.is_settled = true;
            }
            _ => {}
        }
        Ok(())
    }
}

impl Query {
    pub(super) fn limit(&mut self) -> &mut i64 {
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
