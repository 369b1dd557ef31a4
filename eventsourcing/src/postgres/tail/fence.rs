//! The fence: which transactions have to end before every position up to the end of the sequence has been decided.

use std::{collections::HashSet, time::Duration};

use sqlx::Row;
use tokio::time::{Instant, sleep};

use super::PgTail;
use crate::{
    postgres::{blockers, error::store_error, mutants},
    store::StoreError,
};

/// The table is looked up by its name each time: somebody may put another one in its place.
pub(in crate::postgres) const WRITERS: &str = r"
select l.virtualtransaction
from pg_catalog.pg_locks l
where l.locktype {=} 'relation' and l.database {=} $1::pg_catalog.oid and l.relation {=} $2::pg_catalog.regclass
    and l.mode {=} 'RowExclusiveLock' and l.granted
";

/// How long to wait before looking again whether the writers have ended: a tenth of the time waited, and from the one to
/// the other.
const PAUSE: (Duration, Duration) = (Duration::from_micros(500), Duration::from_secs(2));

/// How long to wait at a stretch, while the caller may have other things to do.
const TURN: Duration = Duration::from_secs(1);

/// After how long somebody is told who is waited for. Each time it is told, twice as much time passes until the next.
const WARN_AFTER: Duration = Duration::from_secs(5);

/// What has to end before every position up to `end` has been decided.
#[derive(Debug)]
pub(super) struct Fence {
    pub(super) end: i64,
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
    pub(super) fn is_passed(&self) -> bool {
        self.writers.is_empty()
    }

    fn pause(&self) -> Duration {
        (self.since.elapsed() / 10).clamp(PAUSE.0, PAUSE.1)
    }
}

impl PgTail {
    /// The end of the sequence first, then the writers.
    pub(super) async fn put_up_fence(&mut self) -> Result<Fence, StoreError> {
        let end = self.last_value().await?;
        let mut writers = self.writers().await?;
        tracing::trace!(end, writers = writers.len(), "fence");
        if mutants::has("no_wait") {
            writers.clear();
        }
        Ok(Fence { end, writers, since: Instant::now(), warn_after: WARN_AFTER })
    }

    /// Waits until all of the transactions have ended that the pending fence is about.
    pub(super) async fn pass_fence(&mut self) -> Result<(), StoreError> {
        while self.wait_at_fence().await? != Waited::Passed {}
        Ok(())
    }

    /// Waits, for a turn at most, until one at least of the transactions has ended that may still commit a position that had
    /// been handed out when the pending fence was put up.
    pub(super) async fn wait_at_fence(&mut self) -> Result<Waited, StoreError> {
        let Some(mut fence) = self.pending.take() else { return Ok(Waited::Passed) };
        let (before, turn) = (fence.writers.len(), Instant::now());
        while !fence.is_passed() && fence.writers.len() == before && turn.elapsed() < TURN {
            sleep(fence.pause()).await;
            let still = self.writers().await?;
            fence.writers.retain(|writer| still.contains(writer));
            if fence.since.elapsed() >= fence.warn_after {
                self.warn(&mut fence).await?;
            }
        }
        if fence.is_passed() {
            self.fenced = self.fenced.max(fence.end);
            return Ok(Waited::Passed);
        }
        let waited = if fence.writers.len() < before { Waited::Shorter } else { Waited::InVain };
        self.pending = Some(fence);
        Ok(waited)
    }

    /// Says who is waited for.
    async fn warn(&mut self, fence: &mut Fence) -> Result<(), StoreError> {
        fence.warn_after *= 2;
        let statement = blockers::statement(self.store());
        for row in self.rows(statement).await? {
            let writer: String = row.try_get(blockers::WRITER).map_err(store_error)?;
            if fence.writers.contains(&writer) {
                let blocker = blockers::blocker(&row)?;
                tracing::warn!(
                    waited = ?fence.since.elapsed(), pid = ?blocker.pid, application_name = ?blocker.application_name,
                    age = ?blocker.age, prepared = ?blocker.prepared,
                    "events wait for a transaction that has written to the log and has not ended"
                );
            }
        }
        Ok(())
    }

    /// The transactions that hold the lock of a writer on the log.
    async fn writers(&mut self) -> Result<HashSet<String>, StoreError> {
        let statement = self.writers.query().bind(self.database).bind(self.store.schema.qualify("events"));
        let rows = self.rows(statement).await?;
        rows.iter().map(|row| row.try_get(0).map_err(store_error)).collect()
    }
}
