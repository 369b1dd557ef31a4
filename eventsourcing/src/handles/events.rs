//! Reading stored events as what they are to the program.

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;

use super::{
    store::Store,
    stored_events::{Query, StoredEvents},
};
use crate::{
    engine::decode::{ReadError, decode},
    port::{Backend, Direction, Filter, LogQuery, StreamQuery, Via},
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
    stored: StoredEvents<'c, B>,
    /// Whether the store has been told of the event type.
    has_met: bool,
    marker: PhantomData<fn() -> (E, P)>,
}

impl<'c, E: Event, B: Backend, P> Events<'c, E, B, P> {
    fn new(store: Store<B>, via: Via<'c, B::Connection>, query: Query) -> Self {
        Self { stored: StoredEvents::new(store, via, query), has_met: false, marker: PhantomData }
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
        if let Some(query) = self.stored.query() {
            *query.limit() = i64::from(events);
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
        match self.stored.query() {
            Some(Query::Stream(query)) => query.direction = Direction::Backwards,
            Some(Query::Log(query)) => query.direction = Direction::Backwards,
            None => {}
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
        Self::new(store, via, Query::Stream(StreamQuery::new(stream_id)))
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
        if let Some(Query::Stream(query)) = self.stored.query() {
            query.from = Some(version);
        }
        self
    }
}

impl<E: Event, B: Backend> Events<'static, E, B, GlobalPosition> {
    pub(crate) fn of_log(store: Store<B>, filter: Filter) -> Self {
        Self::new(store, Via::Store, Query::Log(LogQuery::new(filter)))
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
        if let Some(Query::Log(query)) = self.stored.query() {
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
        if !std::mem::replace(&mut self.has_met, true) {
            let met = self.stored.store().map_or(Ok(()), Store::meet::<E>);
            if let Err(error) = met {
                return Poll::Ready(Some(Err(self.end_with(error.into()))));
            }
        }
        loop {
            let Some(stored) = ready!(self.stored.poll_next(context)) else { return Poll::Ready(None) };
            match stored.map_err(ReadError::from).and_then(decode) {
                Ok(Some(recorded)) => return Poll::Ready(Some(Ok(recorded))),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(self.end_with(error)))),
            }
        }
    }
}

impl<E, B: Backend, P> Events<'_, E, B, P> {
    fn end_with(&mut self, error: ReadError) -> ReadError {
        self.stored.end();
        error
    }
}

impl<E, B: Backend, P> fmt::Debug for Events<'_, E, B, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("buffered", &self.stored.buffered()).finish_non_exhaustive()
    }
}
