//! The tail: events in the order of their positions, none before it is certain that no lower one can still commit.
//!
//! Positions are drawn from a sequence, so they commit out of order, and those of a rolled-back transaction never
//! come. An INSERT holds `RowExclusiveLock` on the log from before it draws its first position until its transaction
//! ends: that lock is the fence. At a gap the tail reads, each in a statement of its own,
//!
//! 1. H, the last position the sequence has handed out;
//! 2. *then* the transactions that hold the lock, and waits until none of *those* does. Whoever has drawn a position up
//!    to H is among them or has ended, and a transaction's rows are visible before its locks are gone;
//! 3. *then* the rows up to H, with a new snapshot. What is missing now was rolled back.
//!
//! Transactions that have not written to this log are not waited for. They are told apart by their virtual transaction
//! id, not by process: processes are reused, and a prepared transaction has none.

mod connection;
mod fence;
mod listen;
mod mark;

use uuid::Uuid;

use self::{
    connection::TailConnection,
    fence::{Fence, Waited},
    listen::Listener,
};
use super::{
    adapter::Postgres,
    mutants,
    page::Bounds,
    rows::{Names, PgPayload, get},
    sql::Sql,
};
use crate::{
    port::{Mark, Page, StoreError, Stored, Tail, TailPage, Timeline},
    vocabulary::{EventId, GlobalPosition},
};

/// Follows the log of one store, on a connection of its own.
#[derive(Debug)]
pub struct PgTail {
    on: TailConnection,
    fence: Fence,
    listener: Option<Listener>,
    /// Kept from page to page: at the end of the log a page may be one event.
    names: Names,
}

pub(super) async fn open(store: &Postgres) -> Result<PgTail, StoreError> {
    let on = TailConnection::open(store).await?;
    Ok(PgTail { fence: Fence::new(store), on, listener: None, names: Names::default() })
}

impl Tail for PgTail {
    type Payload = PgPayload;

    async fn start(&mut self) -> Result<Option<Mark>, StoreError> {
        let known = if mutants::has("settled_ahead") {
            self.on.last_up_to(i64::MAX).await?
        } else {
            mark::read(&mut self.on).await?.mark
        };
        let end = self.fence.put_up(&mut self.on).await?;
        let known_to = known.map_or(0, |mark| mark.position.get());
        // The mark was read before the end of the sequence.
        check_sequence(end, known_to)?;
        if self.fence.is_free() || (known.is_none() && self.on.last_up_to(end).await?.is_some()) {
            self.fence.pass(&mut self.on).await?;
            if mutants::has("end_as_cursor") {
                let end = GlobalPosition::new(self.fence.decided());
                return Ok(end.map(|position| Mark { position, event_id: EventId::new() }));
            }
            return self.on.last_up_to(self.fence.decided()).await;
        }
        self.fence.believe(known_to);
        Ok(known)
    }

    async fn settle(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        // A fence from before this call says nothing of what has been committed since.
        self.fence.put_up(&mut self.on).await?;
        self.fence.pass(&mut self.on).await?;
        if mutants::has("end_as_cursor") {
            return Ok(GlobalPosition::new(self.fence.decided()));
        }
        Ok(self.on.last_up_to(self.fence.decided()).await?.map(|last| last.position))
    }

    async fn read(&mut self, after: Option<GlobalPosition>, limit: i64) -> Result<TailPage<PgPayload>, StoreError> {
        loop {
            let Page { mut events, more: is_full } = self.page(after, limit).await?;
            let Some(next) = events.first().map(|first| first.position().get()) else {
                return Ok(TailPage { events, settled: after, more: false });
            };
            let settled = self.settled_prefix(after, &events);
            if settled > 0 {
                let more = settled < events.len() || is_full;
                events.truncate(settled);
                let last = events.last().map(Stored::position);
                let settled = if mutants::has("end_as_cursor") {
                    GlobalPosition::new(self.fence.decided()).max(last)
                } else {
                    last
                };
                // What readers have passed, no append may get.
                last.inspect(|&last| self.on.store.link.seen(last));
                return Ok(TailPage { events, settled, more });
            }
            if !self.fence.is_pending() {
                let end = self.fence.put_up(&mut self.on).await?;
                check_sequence(end, next)?;
            }
            // Also before the fence has been passed, the gap may have been filled by a writer that has ended.
            if self.fence.wait(&mut self.on).await? == Waited::InVain {
                return Ok(TailPage { events: Vec::new(), settled: after, more: true });
            }
        }
    }

    async fn end(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(GlobalPosition::new(self.on.last_value().await?))
    }

    async fn last(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(self.on.last_up_to(i64::MAX).await?.map(|last| last.position))
    }

    async fn event_at(&mut self, position: GlobalPosition) -> Result<Option<EventId>, StoreError> {
        let statement = self.on.store.sql.tail_event_at.query().bind(position.get());
        self.on.first_row(statement).await?.map(|row| Ok(get::<Uuid>(&row, 0)?.into())).transpose()
    }

    async fn timeline(&mut self) -> Result<Option<Timeline>, StoreError> {
        let known = mark::read(&mut self.on).await?;
        mark::timeline(&mut self.on, known).await
    }

    async fn mark(&mut self, mark: Mark) -> Result<(), StoreError> {
        mark::write(&mut self.on, mark).await
    }

    async fn announced(&mut self) {
        if !self.on.store.options.listen {
            return std::future::pending().await;
        }
        // Only who waits listens: a tail that is read once needs no second connection.
        let listen = || Listener::listen(&self.on.store);
        self.listener.get_or_insert_with(listen).notified().await;
    }
}

impl PgTail {
    /// The next events, whether or not they are settled.
    async fn page(&mut self, after: Option<GlobalPosition>, limit: i64) -> Result<Page<PgPayload>, StoreError> {
        let bounds = Bounds::new(limit);
        let statement = |sql: &Sql, bytes: i64| {
            sql.query().bind(after.map_or(0, GlobalPosition::get)).bind(bounds.rows).bind(bytes)
        };
        let quick = statement(&self.on.store.sql.tail_read, bounds.bytes_of_each());
        let quick = bounds.quick(&self.on.arriving_rows(quick).await?, &mut self.names)?;
        let mut page = if let Some(page) = quick {
            page
        } else {
            let careful = statement(&self.on.store.sql.tail_read_careful, bounds.bytes);
            bounds.careful(&self.on.arriving_rows(careful).await?, &mut self.names)?
        };
        for stored in &mut page.events {
            // What is kept for a while must not keep more alive than itself.
            if let Stored::Event(event) = stored {
                event.event = event.event.detached();
            }
        }
        Ok(page)
    }

    /// How many of the events, from the first on, stand where nothing can come between any more.
    fn settled_prefix(&self, after: Option<GlobalPosition>, events: &[Stored<PgPayload>]) -> usize {
        let mut decided = self.fence.decided().max(after.map_or(0, GlobalPosition::get));
        let undecided = events.iter().position(|event| {
            let position = event.position().get();
            let follows = position <= decided.saturating_add(1);
            decided = decided.max(position);
            !follows
        });
        undecided.unwrap_or(events.len())
    }
}

/// Whoever has seen an event and then reads the end of the sequence finds it there or beyond; otherwise somebody has put
/// the sequence back, and waiting for what is to come would never end.
fn check_sequence(end: i64, seen: i64) -> Result<(), StoreError> {
    if end >= seen { Ok(()) } else { Err(StoreError::SequenceBehind { position: end.saturating_add(1), log: seen }) }
}
