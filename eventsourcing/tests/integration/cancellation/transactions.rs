//! Transactions: whatever begins, commits, rolls back or sets a savepoint, dropped at any await, leaves no connection of the
//! pool inside a transaction. On the store's own pool, and on one that the caller has given.

use eventsourcing::{
    AppendBatch,
    ExpectedVersion::{Any, NoStream},
    PgStore, Postgres, Projection, Recorded, StoreError,
    port::Transactions,
};
use sqlx::{Connection, PgConnection, PgPool, raw_sql};

use super::{Counted, Counter, Fragile, at_every_await, at_every_nth_await, poll_at_most};
use crate::support::port::{append, id, run_in};

/// Both kinds of store.
async fn stores() -> [Fragile; 2] {
    [Fragile::new().await, Fragile::given().await]
}

#[tokio::test]
async fn a_dropped_begin_leaves_no_transaction() {
    for fragile in stores().await {
        raw_sql("create table own (n int)").execute(fragile.db.pool()).await.unwrap();
        let begin = async || drop(fragile.store.begin().await.unwrap());
        at_every_await(async |polls| {
            fragile.proxy.in_pieces(true);
            let done = poll_at_most(polls, begin()).await;
            fragile.proxy.in_pieces(false);
            // The application shares the pool, and nobody looks after its statements.
            raw_sql("insert into own values (1)").execute(fragile.store.pool()).await.unwrap();
            let rows = raw_sql("delete from own returning n").fetch_all(fragile.db.pool()).await.unwrap();
            assert_eq!(rows.len(), 1, "acknowledged, and not committed, after {polls} polls");
            fragile.attempt(1, std::future::ready(())).await;
            done
        })
        .await;
    }
}

/// The store's next append finds what somebody else has left behind on a pool that they share.
#[tokio::test]
async fn a_begin_of_the_applications_own_may_be_dropped_too() {
    for fragile in stores().await {
        let begin = async || drop(fragile.store.pool().begin().await.unwrap());
        at_every_await(async |polls| fragile.attempt(polls, begin()).await).await;
    }
}

/// What the driver does not count, somebody may have sent as text.
#[tokio::test]
async fn a_transaction_that_was_begun_as_text_and_left_is_nobodys() {
    let leave = async |pool: &PgPool, sql: &'static str| {
        let mut connection = pool.acquire().await.unwrap();
        // A statement that fails leaves it aborted.
        drop(raw_sql(sql).execute(&mut *connection).await);
    };
    for fragile in stores().await {
        for sql in ["begin", "begin; savepoint one", "begin; select 1/0"] {
            leave(fragile.store.pool(), sql).await;
            fragile.attempt(1, std::future::ready(())).await;
        }
    }
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back() {
    for fragile in stores().await {
        let store = &fragile.store;
        at_every_await(async |polls| {
            let transaction = async {
                let mut transaction = store.begin().await.unwrap();
                run_in(store, Postgres::connection(&mut transaction), &append("account/1", NoStream, 2)).await.unwrap();
                // Goes away without a commit, however far it came.
            };
            let done = fragile.attempt(polls, Box::pin(transaction)).await;
            assert_eq!(fragile.length("account/1").await, 0);
            done
        })
        .await;
    }
}

#[tokio::test]
async fn a_dropped_commit_is_done_or_rolled_back() {
    for fragile in stores().await {
        let store = &fragile.store;
        let mut stored = 0;
        at_every_await(async |polls| {
            let mut transaction = store.begin().await.unwrap();
            for stream in ["account/1", "account/2"] {
                run_in(store, Postgres::connection(&mut transaction), &append(stream, Any, 2)).await.unwrap();
            }
            let done = fragile.attempt(polls, Postgres::commit(transaction)).await;
            let now = fragile.length("account/1").await;
            assert!(now == stored || now == stored + 2);
            assert_eq!(fragile.length("account/2").await, now);
            stored = now;
            done.map(Result::unwrap)
        })
        .await;
    }
}

#[tokio::test]
async fn a_dropped_rollback_is_a_rollback() {
    for fragile in stores().await {
        let store = &fragile.store;
        at_every_await(async |polls| {
            let mut transaction = store.begin().await.unwrap();
            run_in(store, Postgres::connection(&mut transaction), &append("account/1", Any, 2)).await.unwrap();
            let done = fragile.attempt(polls, Postgres::rollback(transaction)).await;
            assert_eq!(fragile.length("account/1").await, 0);
            done.map(Result::unwrap)
        })
        .await;
    }
}

#[tokio::test]
async fn a_dropped_batch_happened_wholly_or_not_at_all() {
    for fragile in stores().await {
        let store = PgStore::over(fragile.store.clone());
        at_every_await(async |polls| {
            let mut batch = AppendBatch::new();
            for stream in ["batch/1", "batch/2"] {
                batch.add(id(stream), Any, [Counted::Up { by: 1 }]).unwrap();
            }
            let done = fragile.attempt(polls, store.append_batch(batch)).await;
            assert_eq!(fragile.length("batch/1").await, fragile.length("batch/2").await);
            done.map(Result::unwrap)
        })
        .await;
    }
}

/// The driver rolls the whole transaction back when a `begin` inside it is dropped, and tells nobody: what follows is
/// committed statement by statement. The commit finds that out.
#[tokio::test]
async fn a_commit_after_a_dropped_savepoint_says_that_the_transaction_is_over() {
    for fragile in stores().await {
        let store = &fragile.store;
        let mut refused = 0;
        at_every_await(async |polls| {
            let mut transaction = store.begin().await.unwrap();
            run_in(store, Postgres::connection(&mut transaction), &append("account/1", Any, 2)).await.unwrap();
            let before = fragile.length("account/1").await;
            fragile.proxy.in_pieces(true);
            let savepoint = async { transaction.begin().await.unwrap().commit().await.unwrap() };
            let done = poll_at_most(polls, savepoint).await;
            fragile.proxy.in_pieces(false);
            match Postgres::commit(transaction).await {
                Ok(()) => assert_eq!(fragile.length("account/1").await, before + 2),
                Err(StoreError::TransactionEnded | StoreError::TransactionAborted) => {
                    refused += 1;
                    assert_eq!(fragile.length("account/1").await, before);
                }
                Err(error) => panic!("{error:?}"),
            }
            fragile.attempt(1, std::future::ready(())).await;
            done
        })
        .await;
        assert!(refused > 0, "no savepoint was dropped at the wrong moment, so this run has shown nothing");
    }
}

/// Saving stores a snapshot behind a savepoint, in the caller's transaction.
#[tokio::test]
async fn a_dropped_save_in_a_transaction_can_be_rolled_back() {
    for fragile in stores().await {
        let store = PgStore::over(fragile.store.clone());
        at_every_await(async |polls| {
            let save = async {
                let mut transaction = store.begin().await.unwrap();
                let mut counters = transaction.repository::<Counter>();
                let mut root = counters.load(&1).await.unwrap();
                for by in 0..4 {
                    root.record(Counted::Up { by });
                }
                counters.save(&mut root).await.unwrap();
                transaction.rollback().await.unwrap();
            };
            let done = fragile.attempt(polls, Box::pin(save)).await;
            assert_eq!(fragile.length("counter/1").await, 0);
            done
        })
        .await;
    }
}

/// In a transaction of the caller's, which the driver has begun, a batch sets a savepoint and goes back to it after a lost
/// race.
#[tokio::test]
async fn a_dropped_batch_in_the_callers_transaction_is_the_callers_to_roll_back() {
    for fragile in stores().await {
        let store = PgStore::over(fragile.store.clone());
        at_every_await(async |polls| {
            let appends = async {
                let mut transaction = store.pool().begin().await.unwrap();
                let mut batch = AppendBatch::new();
                for stream in ["batch/1", "batch/2"] {
                    batch.add(id(stream), Any, [Counted::Up { by: 1 }]).unwrap();
                }
                store.in_transaction(&mut transaction).append_batch(batch).await.unwrap();
                transaction.rollback().await.unwrap();
            };
            let done = fragile.attempt(polls, Box::pin(appends)).await;
            assert_eq!(fragile.length("batch/1").await, 0);
            done
        })
        .await;
    }
}

struct Totals;

impl Projection<Postgres> for Totals {
    const NAME: &'static str = "totals";
    type Event = Counted;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<Counted>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for _ in batch {
            raw_sql("insert into totals values (1)").execute(&mut *connection).await?;
        }
        Ok(())
    }
}

/// Aborted at any await, then run to the end by another instance: each event is folded once.
#[tokio::test]
async fn a_dropped_projector_has_applied_a_batch_wholly_or_not_at_all() {
    for fragile in stores().await {
        raw_sql("create table totals (n int)").execute(fragile.db.pool()).await.unwrap();
        let store = PgStore::over(fragile.store.clone());
        let stream = store.stream::<Counted>(id("counted/1"));
        let mut appended = 0;
        at_every_nth_await(13, async |polls| {
            let at = stream.append(Any, [Counted::Up { by: 1 }, Counted::Up { by: 2 }]).await.unwrap();
            appended += 2;
            let position = at.position.unwrap();
            // Only so long that this instance has done it: a projector runs for ever.
            let reached = store.projector_status::<Totals>();
            let projector = async {
                tokio::select! {
                    ended = store.projector(Totals).run(std::future::pending()) => panic!("{ended:?}"),
                    reached = reached.reached(position) => reached.unwrap(),
                }
            };
            let done = fragile.attempt(polls, Box::pin(projector)).await;
            tokio::select! {
                ended = store.projector(Totals).run(std::future::pending()) => panic!("{ended:?}"),
                reached = reached.reached(position) => reached.unwrap(),
            }
            let folded = sqlx::query("select from totals").fetch_all(fragile.db.pool()).await.unwrap();
            assert_eq!(folded.len(), appended);
            done
        })
        .await;
    }
}
