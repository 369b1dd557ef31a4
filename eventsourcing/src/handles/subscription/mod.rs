//! Subscriptions: history, then live, without a gap.

mod attach;
mod begin;
mod buffer;
mod catch_up;
mod delivery;
mod error;
mod fill;
mod source;

use std::{fmt, marker::PhantomData, sync::Arc};

use futures_util::stream;

use self::{buffer::Buffer, source::Source};
pub use self::{
    delivery::{Delivery, OnUndecodable},
    error::SubscriptionError,
};
use super::store::Store;
use crate::{
    engine::{
        decode::decode,
        log::{Tailer, Told},
        pages::Scan,
    },
    port::Backend,
    schema::Event,
    vocabulary::{Chain, EventId, GlobalPosition, Recorded},
};

/// Events as they are committed, after those that were there before: each once, in order.
///
/// It never ends by itself. After an error it can be asked again: it goes on from where it was. A slow consumer slows
/// nobody else and takes no memory: it reads from the database what it has not taken in time. Lost connections are
/// opened again, without a gap or a duplicate.
///
/// Where its reader has come is not stored: keep [`position`](Self::position) with what you make of the events, or
/// write a [`Projection`](crate::Projection), which does so.
///
/// ```
#[doc = include_str!("../../../docs/example.txt")]
/// let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
/// loop {
///     match subscription.next_delivery().await? {
///         Delivery::Event(recorded) => println!("position {}", recorded.position),
///         Delivery::CaughtUp => break println!("that was the history; from here on it is live"),
///     }
/// }
/// # Ok(()) }
/// ```
pub struct Subscription<E, B: Backend> {
    store: Store<B>,
    tailer: Arc<Tailer<B>>,
    source: Source,
    /// Everything up to here has been handed out, or stands in the buffer.
    cursor: Option<GlobalPosition>,
    /// The event that stands at the cursor, when that is known.
    cursor_id: Option<EventId>,
    /// The timeline in which the cursor was last found to be.
    timeline: Option<Arc<str>>,
    buffer: Buffer<B::Payload>,
    /// The last position that was handed out or passed over.
    position: Option<GlobalPosition>,
    /// The event that stands there, when that is known.
    event_id: Option<EventId>,
    scan: Scan,
    phase: Phase,
    /// The refresh of the tailer after which it knows everything that was committed when this began.
    refresh: u64,
    told: Told,
    on_undecodable: OnUndecodable,
    /// An error that is to be handed out next.
    failed: Option<SubscriptionError>,
    event: PhantomData<fn() -> E>,
}

/// Whether the subscription has said that it has caught up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    CatchUp,
    Live,
}

/// What filling the buffer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fill {
    MovedOn,
    CaughtUp,
}

impl<E: Event, B: Backend> Subscription<E, B> {
    fn new(store: Store<B>, source: Source) -> Self {
        Self {
            tailer: store.tailer(),
            store,
            source,
            cursor: None,
            cursor_id: None,
            timeline: None,
            buffer: Buffer::default(),
            position: None,
            event_id: None,
            scan: Scan::default(),
            phase: Phase::CatchUp,
            refresh: 0,
            told: Told::default(),
            on_undecodable: OnUndecodable::default(),
            failed: None,
            event: PhantomData,
        }
    }

    /// What to do about an event that cannot be decoded: stop, unless this is set.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
    /// let mut tolerant = subscription.on_undecodable(OnUndecodable::Skip);
    /// assert_eq!(tolerant.next().await?.event, AccountEvent::Deposited { cents: 100 });
    /// # Ok(()) }
    /// ```
    pub fn on_undecodable(mut self, policy: OnUndecodable) -> Self {
        self.on_undecodable = policy;
        self
    }

    /// Waits for the next event, for ever when none is appended. Retired events are passed over.
    ///
    /// Cancel safe: dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// When an event cannot be decoded, or the store fails in a way that does not pass by itself. Asked again, it goes
    /// on behind that event, or tries again.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
    /// let first = subscription.next().await?;
    /// assert_eq!(first.event, AccountEvent::Deposited { cents: 100 });
    ///
    /// let second = tokio::time::timeout(Duration::from_millis(10), subscription.next()).await;
    /// assert!(second.is_err());
    /// # Ok(()) }
    /// ```
    pub async fn next(&mut self) -> Result<Recorded<E>, SubscriptionError> {
        loop {
            if let Delivery::Event(recorded) = self.next_delivery().await? {
                return Ok(recorded);
            }
        }
    }

    /// Waits for the next event, or for having caught up; for ever when there is neither.
    ///
    /// Cancel safe: dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
    /// let mut cents = 0;
    /// while let Delivery::Event(recorded) = subscription.next_delivery().await? {
    ///     match recorded.event {
    ///         AccountEvent::Deposited { cents: deposited } => cents += deposited,
    ///         AccountEvent::Withdrawn { cents: withdrawn } => cents -= withdrawn,
    ///     }
    /// }
    /// assert_eq!(cents, 100);
    /// # Ok(()) }
    /// ```
    pub async fn next_delivery(&mut self) -> Result<Delivery<E>, SubscriptionError> {
        loop {
            if let Some(recorded) = self.next_buffered()? {
                return Ok(Delivery::Event(recorded));
            }
            self.reach_cursor();
            if self.fill().await? == Fill::CaughtUp {
                return Ok(Delivery::CaughtUp);
            }
        }
    }

    /// The events as a futures `Stream`, which ends after the first error. It does not say when it has caught up.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// use futures_util::{StreamExt, TryStreamExt};
    ///
    /// let subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
    /// let first: Vec<Recorded<AccountEvent>> = subscription.into_stream().take(1).try_collect().await?;
    /// assert_eq!(first[0].event, AccountEvent::Deposited { cents: 100 });
    /// # Ok(()) }
    /// ```
    pub fn into_stream(self) -> impl futures_core::Stream<Item = Result<Recorded<E>, SubscriptionError>> + Send {
        stream::unfold(Some(self), |subscription| async move {
            let mut subscription = subscription?;
            match subscription.next().await {
                Ok(recorded) => Some((Ok(recorded), Some(subscription))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// Up to where the subscription has come: the last event it has handed out, or beyond it, over events that are not
    /// for it. This is where to resume from, so that a consumer of rare events does not pass over the others again.
    ///
    /// `None` before the first event.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
    /// subscription.next().await?;
    /// let seen = subscription.position();
    ///
    /// // Later, in another process:
    /// let resumed = store.all::<AccountEvent>().subscribe(seen.into()).await?;
    /// assert_eq!(resumed.position(), seen);
    /// # Ok(()) }
    /// ```
    pub fn position(&self) -> Option<GlobalPosition> {
        self.position
    }

    /// The id of the event at [`position`](Self::position), when that is known. A position alone does not tell this log
    /// from one that has failed over to an earlier state and gone on from there.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await?;
    /// let recorded = subscription.next().await?;
    /// assert_eq!(subscription.event_id(), Some(recorded.event_id));
    /// # Ok(()) }
    /// ```
    pub fn event_id(&self) -> Option<EventId> {
        self.event_id
    }

    /// The next events, as many as are at hand and at most `limit`. Without any, the subscription has only moved on, or
    /// caught up.
    pub(crate) async fn next_batch(&mut self, limit: usize) -> Result<Vec<Recorded<E>>, SubscriptionError> {
        if self.buffer.is_empty() && self.failed.is_none() {
            self.fill().await?;
        }
        let mut batch = Vec::new();
        while batch.len() < limit {
            match self.next_buffered() {
                Ok(Some(recorded)) => batch.push(recorded),
                Ok(None) => break,
                Err(error) if batch.is_empty() => return Err(error),
                Err(error) => {
                    // What stands before it is handed out first.
                    self.failed = Some(error);
                    return Ok(batch);
                }
            }
        }
        if self.buffer.is_empty() {
            self.reach_cursor();
        }
        Ok(batch)
    }

    /// The next event in the buffer.
    fn next_buffered(&mut self) -> Result<Option<Recorded<E>>, SubscriptionError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        while let Some(stored) = self.buffer.pop() {
            let (position, event_id) = (stored.position(), stored.event_id());
            let decoded = match decode(stored) {
                Err(error) if self.on_undecodable == OnUndecodable::Skip => {
                    tracing::error!(error = %Chain(&error), "a subscription skips an event");
                    None
                }
                decoded => decoded?,
            };
            // Only behind what is not an error: a consumer that stops there resumes before it.
            self.position = Some(position);
            self.event_id = event_id;
            if decoded.is_some() {
                return Ok(decoded);
            }
        }
        Ok(None)
    }

    fn move_to(&mut self, cursor: Option<GlobalPosition>, event_id: Option<EventId>) {
        self.cursor = cursor;
        self.cursor_id = event_id;
    }

    /// Everything up to the cursor has been handed out.
    fn reach_cursor(&mut self) {
        self.position = self.cursor;
        self.event_id = self.cursor_id;
    }
}

impl<E, B: Backend> fmt::Debug for Subscription<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("source", &self.source)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
