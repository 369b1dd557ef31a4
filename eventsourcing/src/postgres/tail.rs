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

use std::{collections::HashSet, time::Duration};

use sqlx::{Connection, PgConnection, Row};

use super::{
    Postgres,
    error::store_error,
    mutants,
    rows::{self, PgPayload, event_columns},
    sql::Sql,
    wake::Ears,
};
use crate::{
    position::GlobalPosition,
    store::{StoreError, Stored, Tail, TailPage},
};

pub(super) const OPEN: &str = r"
select pg_catalog.pg_is_in_recovery(), pg_catalog.to_regclass($1)::pg_catalog.oid::bigint,
    (select d.oid::bigint from pg_catalog.pg_database d where d.datname {=} pg_catalog.current_database())
";

pub(super) const READ: &str =
    concat!("select ", event_columns!(), " from {events} e where e.position {>} $1 order by e.position limit $2");

pub(super) const END: &str = "select s.last_value, s.is_called from {events_position} s";

pub(super) const WRITERS: &str = r"
select l.virtualtransaction
from pg_catalog.pg_locks l
where l.locktype {=} 'relation' and l.database {=} $1::pg_catalog.oid and l.relation {=} $2::pg_catalog.oid
    and l.mode {=} 'RowExclusiveLock' and l.granted
";

pub(super) const LAST: &str = "select pg_catalog.max(e.position) from {events} e where e.position {<=} $1";

/// How long to wait before looking again whether the writers have ended: from this, doubling, to the other.
const WAIT: (Duration, Duration) = (Duration::from_micros(500), Duration::from_millis(20));

/// Follows the log of one store, on a connection of its own.
#[derive(Debug)]
pub struct PgTail {
    store: Postgres,
    writers: Sql,
    connection: PgConnection,
    ears: Option<Ears>,
    database: i64,
    events: i64,
    /// Up to here every position has been decided.
    fenced: i64,
    /// The fence that is being waited for.
    pending: Option<Fence>,
}

/// What has to end before every position up to `end` has been decided.
#[derive(Debug)]
struct Fence {
    end: i64,
    writers: HashSet<String>,
    pause: Duration,
}

pub(super) async fn open(store: &Postgres) -> Result<PgTail, StoreError> {
    let options = store.pool.connect_options();
    let mut connection = PgConnection::connect_with(&options).await.map_err(store_error)?;
    // It may be the first to reach another server.
    store.link.registered.forget();
    let row = store
        .sql
        .tail_open
        .query()
        .bind(store.schema.qualify("events"))
        .fetch_one(&mut connection)
        .await
        .map_err(store_error)?;
    if row.try_get::<bool, _>(0).map_err(store_error)? {
        return Err(StoreError::Standby);
    }
    let events: Option<i64> = row.try_get(1).map_err(store_error)?;
    Ok(PgTail {
        events: events.ok_or_else(|| StoreError::Schema {
            schema: store.schema.to_string(),
            problem: "it has no table `events`; run `migrate()`".to_owned(),
        })?,
        database: row.try_get(2).map_err(store_error)?,
        ears: None,
        writers: mutants::writers(&store.sql.tail_writers),
        store: store.clone(),
        connection,
        fenced: 0,
        pending: None,
    })
}

impl Tail for PgTail {
    type Payload = PgPayload;

    async fn settle(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        // A fence from before this call says nothing of what has been committed since.
        self.pending = None;
        while !self.fence().await? {}
        if mutants::has("end_as_cursor") {
            return Ok(GlobalPosition::new(self.fenced));
        }
        let last = self.store.sql.tail_last.query().bind(self.fenced);
        let row = last.fetch_one(&mut self.connection).await.map_err(store_error)?;
        Ok(row.try_get::<Option<i64>, _>(0).map_err(store_error)?.and_then(GlobalPosition::new))
    }

    async fn read(&mut self, after: Option<GlobalPosition>, limit: i64) -> Result<TailPage<PgPayload>, StoreError> {
        loop {
            let mut events = self.rows(after, limit).await?;
            if events.is_empty() {
                return Ok(TailPage { events, settled: after, more: false });
            }
            let settled = self.settled_prefix(after, &events);
            if settled > 0 {
                let more = settled < events.len() || i64::try_from(events.len()).is_ok_and(|read| read >= limit);
                events.truncate(settled);
                let last = events.last().map(Stored::position);
                let settled =
                    if mutants::has("end_as_cursor") { GlobalPosition::new(self.fenced).max(last) } else { last };
                return Ok(TailPage { events, settled, more });
            }
            // Also before the fence has been passed, the gap may have been filled by a writer that has ended.
            self.fence().await?;
        }
    }

    async fn end(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(GlobalPosition::new(self.last_value().await?))
    }

    async fn announced(&mut self) {
        if !self.store.options.listen {
            return std::future::pending().await;
        }
        // Only who waits listens: a tail that is read once needs no second connection.
        let listen = || Ears::listen(&self.store.pool, &self.store.announcer);
        self.ears.get_or_insert_with(listen).heard().await;
    }
}

impl PgTail {
    async fn rows(&mut self, after: Option<GlobalPosition>, limit: i64) -> Result<Vec<Stored<PgPayload>>, StoreError> {
        let after = after.map_or(0, GlobalPosition::get);
        let statement = self.store.sql.tail_read.query().bind(after).bind(limit);
        let rows = statement.fetch_all(&mut self.connection).await.map_err(store_error)?;
        rows.iter().map(rows::stored).collect()
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

    /// Waits until one at least of the transactions has ended that may still commit a position that had been handed out
    /// when the fence was put up; `true` when all of them have. After a dropped wait the next call
    /// puts up a new one.
    async fn fence(&mut self) -> Result<bool, StoreError> {
        let mut fence = match self.pending.take() {
            Some(fence) => fence,
            None => self.put_up_fence().await?,
        };
        let before = fence.writers.len();
        while !fence.writers.is_empty() && fence.writers.len() == before {
            tokio::time::sleep(fence.pause).await;
            fence.pause = (fence.pause * 2).min(WAIT.1);
            let still = self.writers().await?;
            fence.writers.retain(|writer| still.contains(writer));
        }
        if fence.writers.is_empty() {
            self.fenced = fence.end;
            return Ok(true);
        }
        self.pending = Some(fence);
        Ok(false)
    }

    async fn put_up_fence(&mut self) -> Result<Fence, StoreError> {
        let end = self.last_value().await?;
        let mut writers = self.writers().await?;
        tracing::trace!(end, writers = writers.len(), "fence");
        if mutants::has("no_wait") {
            writers.clear();
        }
        Ok(Fence { end, writers, pause: WAIT.0 })
    }

    /// The last position that has been handed out, 0 when none has.
    async fn last_value(&mut self) -> Result<i64, StoreError> {
        let statement = self.store.sql.tail_end.query();
        let row = statement.fetch_one(&mut self.connection).await.map_err(store_error)?;
        let is_called: bool = row.try_get(1).map_err(store_error)?;
        if is_called { row.try_get(0).map_err(store_error) } else { Ok(0) }
    }

    /// The transactions that hold the lock of a writer on the log.
    async fn writers(&mut self) -> Result<HashSet<String>, StoreError> {
        let statement = self.writers.query().bind(self.database).bind(self.events);
        let rows = statement.fetch_all(&mut self.connection).await.map_err(store_error)?;
        rows.iter().map(|row| row.try_get(0).map_err(store_error)).collect()
    }
}
