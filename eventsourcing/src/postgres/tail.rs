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

mod fence;

use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection, Row, postgres::PgRow};
use tokio::time::timeout;
use uuid::Uuid;

pub(super) use self::fence::WRITERS;
use self::fence::{Fence, Waited};
use super::{
    Postgres,
    connection::Statement,
    error::store_error,
    mark, mutants,
    page::{Bounds, careful_page, quick_page},
    rows::{self, PgPayload, get},
    sql::Sql,
    wake::Ears,
};
use crate::{
    position::GlobalPosition,
    record::EventId,
    store::{Mark, Page, StoreError, Stored, Tail, TailPage, Timeline},
};

/// A statement of the tail that takes longer than its answer is waited for is ended by the server as well: whoever gave it
/// up leaves nobody behind who waits for a lock. And what the tail writes is a hint, for which nobody waits for the disk.
pub(super) const OPEN: &str = r"
select pg_catalog.pg_is_in_recovery(), pg_catalog.to_regclass($1) is not null,
    (select d.oid::bigint from pg_catalog.pg_database d where d.datname {=} pg_catalog.current_database()),
    case when $2::pg_catalog.text is not null then pg_catalog.set_config('statement_timeout', $2, false) end,
    case when $2::pg_catalog.text is not null then pg_catalog.set_config('synchronous_commit', 'off', false) end
";

pub(super) const READ: &str = quick_page!("from {events} e where e.position {>} $1", "e.position asc", "$2", "$3");
pub(super) const READ_CAREFUL: &str =
    careful_page!("from {events} e where e.position {>} $1", "e.position asc", "$2", "$3");

pub(super) const END: &str = "select s.last_value, s.is_called from {events_position} s";

pub(super) const LAST: &str =
    "select e.position, e.event_id from {events} e where e.position {<=} $1 order by e.position desc limit 1";

pub(super) const EVENT_AT: &str = "select e.event_id from {events} e where e.position {=} $1";

/// Follows the log of one store, on a connection of its own.
#[derive(Debug)]
pub struct PgTail {
    store: Postgres,
    writers: Sql,
    connection: PgConnection,
    ears: Option<Ears>,
    database: i64,
    /// Up to here every position has been decided.
    fenced: i64,
    /// The fence that is being waited for.
    pending: Option<Fence>,
}

pub(super) async fn open(store: &Postgres) -> Result<PgTail, StoreError> {
    let options = store.pool.connect_options();
    let connection = answered(store, async { PgConnection::connect_with(&options).await.map_err(store_error) }).await?;
    // It may be the first to reach another server.
    store.link.registered.forget();
    let mut tail = PgTail {
        writers: mutants::writers(&store.sql.tail_writers),
        store: store.clone(),
        connection,
        ears: None,
        database: 0,
        fenced: 0,
        pending: None,
    };
    tail.introduce().await?;
    Ok(tail)
}

/// Waits for an answer of the server, as long as the options say.
async fn answered<T>(store: &Postgres, answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    timeout(store.options.answer_timeout, answer).await.unwrap_or_else(|_| Err(store.silence()))
}

impl Tail for PgTail {
    type Payload = PgPayload;

    async fn start(&mut self) -> Result<Option<Mark>, StoreError> {
        let known =
            if mutants::has("settled_ahead") { self.last_up_to(i64::MAX).await? } else { mark::read(self).await?.mark };
        let fence = self.put_up_fence().await?;
        let known_to = known.map_or(0, |mark| mark.position.get());
        // The mark was read before the end of the sequence.
        check_sequence(fence.end, known_to)?;
        let (end, nobody_writes) = (fence.end, fence.is_passed());
        self.pending = Some(fence);
        if nobody_writes || (known.is_none() && self.last_up_to(end).await?.is_some()) {
            self.pass_fence().await?;
            if mutants::has("end_as_cursor") {
                let end = GlobalPosition::new(self.fenced);
                return Ok(end.map(|position| Mark { position, event_id: EventId::new() }));
            }
            return self.last_up_to(self.fenced).await;
        }
        self.fenced = known_to;
        Ok(known)
    }

    async fn settle(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        // A fence from before this call says nothing of what has been committed since.
        self.pending = Some(self.put_up_fence().await?);
        self.pass_fence().await?;
        if mutants::has("end_as_cursor") {
            return Ok(GlobalPosition::new(self.fenced));
        }
        Ok(self.last_up_to(self.fenced).await?.map(|last| last.position))
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
                let settled =
                    if mutants::has("end_as_cursor") { GlobalPosition::new(self.fenced).max(last) } else { last };
                // What readers have passed, no append may get.
                last.inspect(|&last| self.store.link.seen(last));
                return Ok(TailPage { events, settled, more });
            }
            if self.pending.is_none() {
                let fence = self.put_up_fence().await?;
                check_sequence(fence.end, next)?;
                self.pending = Some(fence);
            }
            // Also before the fence has been passed, the gap may have been filled by a writer that has ended.
            if self.wait_at_fence().await? == Waited::InVain {
                return Ok(TailPage { events: Vec::new(), settled: after, more: true });
            }
        }
    }

    async fn end(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(GlobalPosition::new(self.last_value().await?))
    }

    async fn last(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(self.last_up_to(i64::MAX).await?.map(|last| last.position))
    }

    async fn event_at(&mut self, position: GlobalPosition) -> Result<Option<EventId>, StoreError> {
        let statement = self.store.sql.tail_event_at.query().bind(position.get());
        self.first_row(statement).await?.map(|row| Ok(get::<Uuid>(&row, 0)?.into())).transpose()
    }

    async fn timeline(&mut self) -> Result<Option<Timeline>, StoreError> {
        let known = mark::read(self).await?;
        mark::timeline(self, known).await
    }

    async fn mark(&mut self, mark: Mark) -> Result<(), StoreError> {
        mark::write(self, mark).await
    }

    async fn announced(&mut self) {
        if !self.store.options.listen {
            return std::future::pending().await;
        }
        // Only who waits listens: a tail that is read once needs no second connection.
        let listen = || Ears::listen(&self.store);
        self.ears.get_or_insert_with(listen).heard().await;
    }
}

impl PgTail {
    /// What a tail has to know of its server.
    async fn introduce(&mut self) -> Result<(), StoreError> {
        // Behind a pooler a setting would stay with a connection that others use.
        let is_own = !self.store.options.transaction_pooler;
        let patience = is_own.then(|| format!("{}ms", self.store.options.answer_timeout.as_millis()));
        let statement = self.store.sql.tail_open.query().bind(self.store.schema.qualify("events")).bind(patience);
        let row = self.first_row(statement).await?.ok_or_else(|| store_error(sqlx::Error::RowNotFound))?;
        if row.try_get::<bool, _>(0).map_err(store_error)? {
            return Err(StoreError::Standby);
        }
        if !row.try_get::<bool, _>(1).map_err(store_error)? {
            let problem = "it has no table `events`; run `migrate()`".to_owned();
            return Err(StoreError::Schema { schema: self.store.schema.to_string(), problem });
        }
        self.database = row.try_get(2).map_err(store_error)?;
        Ok(())
    }

    pub(super) fn store(&self) -> &Postgres {
        &self.store
    }

    pub(super) async fn rows(&mut self, statement: Statement) -> Result<Vec<PgRow>, StoreError> {
        let Self { store, connection, .. } = self;
        answered(store, async {
            if !store.options.transaction_pooler {
                return statement.fetch_all(connection).await.map_err(store_error);
            }
            // Not prepared, it is parsed in one round trip and run in the next: both have to reach the same server.
            let mut transaction = connection.begin().await.map_err(store_error)?;
            let rows = statement.fetch_all(&mut *transaction).await.map_err(store_error)?;
            transaction.commit().await.map_err(store_error)?;
            Ok(rows)
        })
        .await
    }

    pub(super) async fn first_row(&mut self, statement: Statement) -> Result<Option<PgRow>, StoreError> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// The next events, whether or not they are settled.
    async fn page(&mut self, after: Option<GlobalPosition>, limit: i64) -> Result<Page<PgPayload>, StoreError> {
        let bounds = Bounds::new(limit);
        let statement = |sql: &Sql, bytes: i64| {
            sql.query().bind(after.map_or(0, GlobalPosition::get)).bind(bounds.rows).bind(bytes)
        };
        let quick = statement(&self.store.sql.tail_read, bounds.bytes_of_each());
        let quick = bounds.quick(&self.arriving_rows(quick).await?)?;
        let mut page = if let Some(page) = quick {
            page
        } else {
            let careful = statement(&self.store.sql.tail_read_careful, bounds.bytes);
            bounds.careful(&self.arriving_rows(careful).await?)?
        };
        for stored in &mut page.events {
            // What is kept for a while must not keep more alive than itself.
            if let Stored::Event(event) = stored {
                event.event.payload = event.event.payload.detached();
            }
        }
        Ok(page)
    }

    /// The rows of a statement. The server has to answer with each of them in time, not with all.
    async fn arriving_rows(&mut self, statement: Statement) -> Result<Vec<PgRow>, StoreError> {
        if self.store.options.transaction_pooler {
            return self.rows(statement).await;
        }
        let (mut rows, mut arriving) = (Vec::new(), statement.fetch(&mut self.connection));
        let mut next = async || answered(&self.store, async { arriving.try_next().await.map_err(store_error) }).await;
        while let Some(row) = next().await? {
            rows.push(row);
        }
        Ok(rows)
    }

    /// How many of the events, from the first on, stand where nothing can come between any more.
    fn settled_prefix(&self, after: Option<GlobalPosition>, events: &[Stored<PgPayload>]) -> usize {
        let mut decided = self.fenced.max(after.map_or(0, GlobalPosition::get));
        let undecided = events.iter().position(|event| {
            let position = event.position().get();
            let follows = position <= decided.saturating_add(1);
            decided = decided.max(position);
            !follows
        });
        undecided.unwrap_or(events.len())
    }

    /// The last event up to a position.
    async fn last_up_to(&mut self, position: i64) -> Result<Option<Mark>, StoreError> {
        let statement = self.store.sql.tail_last.query().bind(position);
        let last = self.first_row(statement).await?;
        last.map(|row| {
            Ok(Mark { position: rows::global_position(get(&row, 0)?)?, event_id: get::<Uuid>(&row, 1)?.into() })
        })
        .transpose()
    }

    /// The last position that has been handed out, 0 when none has.
    pub(super) async fn last_value(&mut self) -> Result<i64, StoreError> {
        let statement = self.store.sql.tail_end.query();
        let row = self.first_row(statement).await?.ok_or_else(|| store_error(sqlx::Error::RowNotFound))?;
        let is_called: bool = row.try_get(1).map_err(store_error)?;
        if is_called { row.try_get(0).map_err(store_error) } else { Ok(0) }
    }
}

/// Whoever has seen an event and then reads the end of the sequence finds it there or beyond; otherwise somebody has put
/// the sequence back, and waiting for what is to come would never end.
fn check_sequence(end: i64, seen: i64) -> Result<(), StoreError> {
    if end >= seen { Ok(()) } else { Err(StoreError::SequenceBehind { position: end.saturating_add(1), log: seen }) }
}
