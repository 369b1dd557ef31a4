//! The fence: which transactions have to end before every position up to the end of the sequence has been decided.

use std::{collections::HashSet, time::Duration};

use sqlx::Row;
use tokio::time::{Instant, sleep};

use super::{
    super::{adapter::Postgres, blockers, error::store_error, mutants, sql::Sql},
    connection::TailConnection,
};
use crate::port::StoreError;

/// How long to wait before looking again whether the writers have ended: a tenth of the time waited, and from the one to
/// the other.
const PAUSE: (Duration, Duration) = (Duration::from_micros(500), Duration::from_secs(2));

/// How long to wait at a stretch, while the caller may have other things to do.
const TURN: Duration = Duration::from_secs(1);

/// After how long somebody is told who is waited for. Each time it is told, twice as much time passes until the next.
const WARN_AFTER: Duration = Duration::from_secs(5);

/// Up to where every position has been decided, and the fence that is being waited for.
#[derive(Debug)]
pub(super) struct Fence {
    /// The statement that names the writers.
    writers: Sql,
    decided: i64,
    pending: Option<Pending>,
}

/// What has to end before every position up to `end` has been decided.
#[derive(Debug)]
struct Pending {
    end: i64,
    writers: HashSet<String>,
    since: Instant,
    warn_after: Duration,
}

/// What waiting at a fence for a turn came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waited {
    /// All of the writers have ended.
    Passed,
    /// Some of them have, so that there may be something to read.
    Shorter,
    /// None of them has.
    InVain,
}

impl Fence {
    pub(super) fn new(store: &Postgres) -> Self {
        Self { writers: writers(&store.sql.tail_writers), decided: 0, pending: None }
    }

    /// Up to here every position has been decided.
    pub(super) fn decided(&self) -> i64 {
        self.decided
    }

    /// Takes it from somebody else up to where every position has been decided.
    pub(super) fn believe(&mut self, decided: i64) {
        self.decided = decided;
    }

    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether there is nobody to wait for.
    pub(super) fn is_free(&self) -> bool {
        self.pending.as_ref().is_none_or(Pending::is_passed)
    }

    /// Puts up a new fence at the end of the sequence, and says where that is: the end first, then the writers.
    pub(super) async fn put_up(&mut self, on: &mut TailConnection) -> Result<i64, StoreError> {
        let end = on.last_value().await?;
        let mut writers = self.writers(on).await?;
        tracing::trace!(end, writers = writers.len(), "fence");
        if mutants::has("no_wait") {
            writers.clear();
        }
        self.pending = Some(Pending { end, writers, since: Instant::now(), warn_after: WARN_AFTER });
        Ok(end)
    }

    /// Waits until all of the transactions have ended that the pending fence is about.
    pub(super) async fn pass(&mut self, on: &mut TailConnection) -> Result<(), StoreError> {
        while self.wait(on).await? != Waited::Passed {}
        Ok(())
    }

    /// Waits, for a turn at most, until one at least of the transactions has ended that may still commit a position that had
    /// been handed out when the pending fence was put up.
    pub(super) async fn wait(&mut self, on: &mut TailConnection) -> Result<Waited, StoreError> {
        let Some(mut pending) = self.pending.take() else { return Ok(Waited::Passed) };
        let (before, turn) = (pending.writers.len(), Instant::now());
        while !pending.is_passed() && pending.writers.len() == before && turn.elapsed() < TURN {
            sleep(pending.pause()).await;
            let still = self.writers(on).await?;
            pending.writers.retain(|writer| still.contains(writer));
            if pending.since.elapsed() >= pending.warn_after {
                pending.warn(on).await?;
            }
        }
        if pending.is_passed() {
            self.decided = self.decided.max(pending.end);
            return Ok(Waited::Passed);
        }
        let waited = if pending.writers.len() < before { Waited::Shorter } else { Waited::InVain };
        self.pending = Some(pending);
        Ok(waited)
    }

    /// The transactions that hold the lock of a writer on the log.
    async fn writers(&self, on: &mut TailConnection) -> Result<HashSet<String>, StoreError> {
        let statement = self.writers.query().bind(on.database).bind(on.store.schema.qualify("events"));
        let rows = on.rows(statement).await?;
        rows.iter().map(|row| row.try_get(0).map_err(store_error)).collect()
    }
}

impl Pending {
    fn is_passed(&self) -> bool {
        self.writers.is_empty()
    }

    fn pause(&self) -> Duration {
        (self.since.elapsed() / 10).clamp(PAUSE.0, PAUSE.1)
    }

    /// Says who is waited for.
    async fn warn(&mut self, on: &mut TailConnection) -> Result<(), StoreError> {
        self.warn_after *= 2;
        let statement = blockers::statement(&on.store);
        for row in on.rows(statement).await? {
            let writer: String = row.try_get(blockers::WRITER).map_err(store_error)?;
            if self.writers.contains(&writer) {
                let blocker = blockers::blocker(&row)?;
                tracing::warn!(
                    waited = ?self.since.elapsed(), pid = ?blocker.pid, application_name = ?blocker.application_name,
                    age = ?blocker.age, prepared = ?blocker.prepared,
                    "events wait for a transaction that has written to the log and has not ended"
                );
            }
        }
        Ok(())
    }
}

/// The statement that names the writers, with the fault that is asked for.
fn writers(sql: &Sql) -> Sql {
    if mutants::has("by_process") {
        sql.replaced("select l.virtualtransaction", "select l.pid::pg_catalog.text")
            .replaced("where ", "where l.pid is not null and ")
    } else if mutants::has("any_database") {
        sql.replaced("l.database operator(pg_catalog.=) $1::pg_catalog.oid", "$1::pg_catalog.oid is not null")
    } else {
        sql.clone()
    }
}
