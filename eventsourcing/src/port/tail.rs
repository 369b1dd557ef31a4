//! Port: following the end of the log.

use std::{fmt, sync::Arc};

use super::{error::StoreError, reads::Reads, stored::Stored};
use crate::vocabulary::{EventId, GlobalPosition};

/// Hands out its events in the order in which they are decided, as they are committed.
pub trait Tails: Reads {
    /// Follows the log.
    type Tail: Tail<Payload = Self::Payload>;

    /// Opens a tail of the log on a connection of its own.
    fn tail(&self) -> impl Future<Output = Result<Self::Tail, StoreError>> + Send;

    /// Says that the log has grown, to the other processes that follow it. A hint: it returns at once, may be
    /// debounced, and nothing depends on its arrival.
    fn announce(&self);
}

/// Follows the log: hands out events of every stream and tag in the order of their positions, and none before it is
/// certain that no event with a lower position can still commit.
///
/// No call waits for ever for a database that does not answer. After an error, and after a dropped call, a tail is of no
/// more use: open another one.
pub trait Tail: fmt::Debug + Send + 'static {
    /// Where the bytes of a payload live.
    type Payload: AsRef<[u8]> + Clone + fmt::Debug + Send + Sync + 'static;

    /// An event up to which the log is known to be settled; `None` for the beginning of the log. It need not be the last
    /// one of which that is true: [`read`](Self::read) goes on from there.
    ///
    /// Waits for nobody, unless the database does not say how far the log is settled. Then it waits as
    /// [`settle`](Self::settle) does.
    fn start(&mut self) -> impl Future<Output = Result<Option<Mark>, StoreError>> + Send;

    /// The highest position of a committed event such that every event up to it has been decided; `None` for an empty
    /// log. Waits for the transactions that are writing to the log at the moment of the call, and for no others.
    fn settle(&mut self) -> impl Future<Output = Result<Option<GlobalPosition>, StoreError>> + Send;

    /// The settled events after `after`, at most about `limit` and at most about some MiB, none if there is nothing new.
    ///
    /// Everything up to `after` must be settled. What follows without a gap is handed out at once; before a gap the
    /// call waits until the transactions that may still fill it have ended, or, after about a second, comes back with
    /// nothing but that there is more.
    fn read(
        &mut self,
        after: Option<GlobalPosition>,
        limit: i64,
    ) -> impl Future<Output = Result<TailPage<Self::Payload>, StoreError>> + Send;

    /// The last position that the log has handed out, to whomever: a cursor beyond it is from another history.
    fn end(&mut self) -> impl Future<Output = Result<Option<GlobalPosition>, StoreError>> + Send;

    /// The position of the last committed event.
    fn last(&mut self) -> impl Future<Output = Result<Option<GlobalPosition>, StoreError>> + Send;

    /// The event at a position.
    fn event_at(
        &mut self,
        position: GlobalPosition,
    ) -> impl Future<Output = Result<Option<EventId>, StoreError>> + Send;

    /// Which of the histories that a database can have this is; `None` when the database does not say.
    fn timeline(&mut self) -> impl Future<Output = Result<Option<Timeline>, StoreError>> + Send;

    /// Writes down that the log is settled up to an event, for those that [`start`](Self::start) later. It must be one that
    /// this tail has read.
    fn mark(&mut self, mark: Mark) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Completes when another process says that the log may have grown. A hint that can be lost; cancel safe.
    fn announced(&mut self) -> impl Future<Output = ()> + Send;
}

/// An event of the log, known by its id: another history of the same log may have another event at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mark {
    /// Where it stands.
    pub position: GlobalPosition,
    /// Its id.
    pub event_id: EventId,
}

impl Mark {
    /// The event with this id, at this position.
    pub const fn new(position: GlobalPosition, event_id: EventId) -> Self {
        Self { position, event_id }
    }
}

/// One of the histories that a log can have: a standby that is promoted begins a new one where it stands, and what its
/// primary had beyond that is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeline {
    /// Tells it from others.
    pub id: Arc<str>,
    /// Every event up to here is in this timeline.
    pub forked_after: Option<GlobalPosition>,
    /// From there up to here, a position without an event may have had one in the timeline before; `None` when none is
    /// known to have been before.
    pub forked_until: Option<GlobalPosition>,
}

impl Timeline {
    /// The first timeline of which anything is known, or one before which nothing may have been lost.
    pub const fn new(id: Arc<str>) -> Self {
        Self { id, forked_after: None, forked_until: None }
    }

    /// Whether the event at a position may have been lost when this timeline began.
    pub fn may_have_lost(&self, position: GlobalPosition) -> bool {
        Some(position) > self.forked_after && Some(position) <= self.forked_until
    }
}

/// What a [`Tail`] read.
#[derive(Debug)]
#[non_exhaustive]
pub struct TailPage<P> {
    /// The events, in order.
    pub events: Vec<Stored<P>>,
    /// Up to where the log is settled now: the position of a committed event, or where the read began.
    pub settled: Option<GlobalPosition>,
    /// Whether more was there already when this was read: a limit was reached, or a gap.
    pub more: bool,
}

impl<P> TailPage<P> {
    /// What was read, up to where the log is settled now, and whether more was there.
    pub const fn new(events: Vec<Stored<P>>, settled: Option<GlobalPosition>, more: bool) -> Self {
        Self { events, settled, more }
    }
}
