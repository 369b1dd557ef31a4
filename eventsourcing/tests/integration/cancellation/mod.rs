//! G10: a future that is dropped at any await leaves the store consistent and usable.
//!
//! A proxy hands out what the server says byte by byte, so that there are many awaits, also in the middle of messages. The
//! store has one connection only: what a dropped future leaves on it is what the next operation finds.

mod transactions;

use std::{future::poll_fn, pin::pin, task::Poll};

use eventsourcing::{
    Aggregate, Apply, Decide, Event, EventId,
    ExpectedVersion::{Any, NoStream},
    GlobalPosition, NewEvent, PgOptions, PgStore, Postgres, Schema, StreamVersion,
    port::{Appends, Direction, Reads, StreamQuery, Tail, Tails, Transactions, Via},
};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use uuid::Uuid;

use crate::support::{
    TestDb, patiently,
    port::{append, exact, id, length, run, run_in, with_ids},
    proxy::Proxy,
};

async fn poll_at_most<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            // Not at the next wake-up but now, with the answer still on its way.
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A store with one connection, behind a proxy, and the truth beside it.
struct Fragile {
    db: TestDb,
    store: Postgres,
    proxy: Proxy,
}

impl Fragile {
    /// With the pool of the store's own.
    async fn new() -> Self {
        let db = TestDb::new().await;
        let proxy = Proxy::before(db.options());
        let store = Postgres::connect(&proxy.url(), PgOptions::new().max_connections(1).listen(false)).await.unwrap();
        Self::warm(db, proxy, store).await
    }

    /// With a pool of the caller's, which makes sure of nothing.
    async fn given() -> Self {
        let db = TestDb::new().await;
        let proxy = Proxy::before(db.options());
        let pool = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
        let pool = pool.connect(&proxy.url()).await.unwrap();
        let store = Postgres::with_options(pool, PgOptions::new().listen(false)).unwrap();
        Self::warm(db, proxy, store).await
    }

    async fn warm(db: TestDb, proxy: Proxy, store: Postgres) -> Self {
        // So that statements are prepared, and an attempt is at the same await after the same number of polls.
        run(&store, &append("warm/1", NoStream, 1)).await.unwrap();
        Self { db, store, proxy }
    }

    /// Polls the future this many times at most and drops it then; what it gave, if it was done.
    async fn attempt<F: Future>(&self, polls: usize, future: F) -> Option<F::Output> {
        self.proxy.in_pieces(true);
        let done = poll_at_most(polls, future).await;
        self.proxy.in_pieces(false);
        // The store answers, on whatever its one connection is now; what has been dropped is over then. And what it has
        // acknowledged is committed: another connection sees it.
        let stream = format!("after/{}", Uuid::now_v7().simple());
        patiently(run(&self.store, &append(&stream, NoStream, 1))).await.unwrap();
        assert_eq!(self.length(&stream).await, 1, "acknowledged, and not committed, after {polls} polls");
        done
    }

    async fn length(&self, stream: &str) -> usize {
        length(&self.db.backend(), stream).await
    }
}

/// Runs `attempt` with each number of polls from none to as many as it needs; how often it was dropped.
async fn at_every_await<T>(attempt: impl AsyncFnMut(usize) -> Option<T>) -> usize {
    at_every_nth_await(1, attempt).await
}

/// The same, with steps between: what takes long is dropped at some byte of each message, not at each byte.
async fn at_every_nth_await<T>(step: usize, mut attempt: impl AsyncFnMut(usize) -> Option<T>) -> usize {
    for (drops, polls) in (0..100_000).step_by(step).enumerate() {
        if patiently(Box::pin(attempt(polls))).await.is_some() {
            assert!(polls > 10, "done after {polls} polls, so this run has shown little");
            println!("dropped at {drops} awaits of {polls}");
            return drops;
        }
    }
    panic!("never done");
}

#[tokio::test]
async fn a_dropped_append_happened_wholly_or_not_at_all() {
    let fragile = Fragile::new().await;
    let store = &fragile.store;
    let mut stored = 0;
    at_every_await(async |polls| {
        let done = fragile.attempt(polls, run(store, &append("account/1", Any, 3))).await;
        let now = fragile.length("account/1").await;
        assert!(now == stored || now == stored + 3, "{} of 3 events are stored", now - stored);
        stored = now;
        done.map(Result::unwrap)
    })
    .await;
}

#[tokio::test]
async fn a_dropped_append_with_ids_can_be_repeated() {
    let fragile = Fragile::new().await;
    let store = &fragile.store;
    let mut expected = NoStream;
    let drops = at_every_await(async |polls| {
        let append = with_ids(append("account/1", expected, 2));
        let done = fragile.attempt(polls, run(store, &append)).await;
        let again = run(store, &append).await.unwrap();
        assert!(done.as_ref().is_none_or(|done| *done.as_ref().unwrap() == again));
        expected = again.version.into();
        done.map(drop)
    })
    .await;
    assert_eq!(fragile.length("account/1").await, (drops + 1) * 2);
}

#[tokio::test]
async fn the_appends_of_a_dropped_group_happened_together_or_not() {
    let fragile = Fragile::new().await;
    let store = &fragile.store;
    at_every_await(async |polls| {
        let group = [append("account/1", Any, 2), append("account/2", Any, 1), append("warm/1", NoStream, 1)];
        let done = fragile.attempt(polls, store.append(Via::Store, &group)).await;
        assert_eq!(fragile.length("account/1").await, 2 * fragile.length("account/2").await);
        done.map(Result::unwrap)
    })
    .await;
}

#[tokio::test]
async fn a_dropped_conflict_stores_nothing() {
    let fragile = Fragile::new().await;
    let store = &fragile.store;
    at_every_await(async |polls| {
        let done = fragile.attempt(polls, run(store, &with_ids(append("warm/1", exact(7), 2)))).await;
        assert_eq!(fragile.length("warm/1").await, 1);
        done.map(Result::unwrap_err)
    })
    .await;
}

#[tokio::test]
async fn a_dropped_read_leaves_a_usable_store() {
    let fragile = Fragile::new().await;
    let store = &fragile.store;
    run(store, &append("account/1", NoStream, 4)).await.unwrap();
    let stream_id = id("account/1");
    at_every_await(async |polls| {
        let query = StreamQuery::new(stream_id.clone()).direction(Direction::Backwards).limit(3);
        let read = store.read_stream(Via::Store, query);
        let done = fragile.attempt(polls, read).await;
        done.map(|page| assert_eq!(page.unwrap().events.len(), 3))
    })
    .await;
}

/// A position that is never committed, and an event after it.
async fn append_behind_a_gap(store: &Postgres) -> Option<GlobalPosition> {
    let mut rolled_back = store.begin().await.unwrap();
    run_in(store, Postgres::connection(&mut rolled_back), &append("account/1", Any, 1)).await.unwrap();
    Postgres::rollback(rolled_back).await.unwrap();
    run(store, &append("account/1", Any, 1)).await.unwrap().position
}

#[tokio::test]
async fn a_tail_whose_read_was_dropped_reads_on() {
    let fragile = Fragile::new().await;
    let mut tail = fragile.store.tail().await.unwrap();
    // So that its statements are prepared.
    let mut after = append_behind_a_gap(&fragile.db.backend()).await;
    tail.read(None, 10).await.unwrap();
    at_every_await(async |polls| {
        let last = append_behind_a_gap(&fragile.db.backend()).await;
        fragile.proxy.in_pieces(true);
        let read = async { (tail.read(after, 10).await.unwrap(), tail.settle().await.unwrap()) };
        let done = poll_at_most(polls, read).await;
        fragile.proxy.in_pieces(false);
        let page = tail.read(after, 10).await.unwrap();
        assert_eq!(page.events.iter().map(|stored| Some(stored.position())).collect::<Vec<_>>(), [last]);
        assert_eq!((page.settled, tail.settle().await.unwrap()), (last, last));
        after = last;
        done
    })
    .await;
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "counted", unlocked)]
enum Counted {
    Up { by: u32 },
}

#[derive(Debug, Default, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = Counted, id = u32, category = "counter", snapshot(every = 3, version = 1))]
struct Counter {
    total: u32,
}

impl Apply<Counted> for Counter {
    fn apply(&mut self, Counted::Up { by }: &Counted) {
        self.total += by;
    }
}

/// Counts up twice, to this total.
struct CountTo(u32);

impl Decide<CountTo> for Counter {
    type Error = std::convert::Infallible;

    fn decide(&self, CountTo(total): &CountTo) -> Result<Vec<Counted>, Self::Error> {
        let rest = total.saturating_sub(self.total);
        Ok([rest.min(1), rest.saturating_sub(1)]
            .into_iter()
            .filter(|by| *by > 0)
            .map(|by| Counted::Up { by })
            .collect())
    }
}

#[tokio::test]
async fn a_dropped_typed_append_can_be_repeated() {
    let fragile = Fragile::new().await;
    let store = PgStore::over(fragile.store.clone());
    let stream = store.stream::<Counted>(id("counter/1"));
    let drops = at_every_await(async |polls| {
        let by = u32::try_from(polls).unwrap();
        let events = [1, 2].map(|n| NewEvent::new(Counted::Up { by: by + n }).id(EventId::new()));
        let done = fragile.attempt(polls, stream.append(Any, events.clone())).await;
        let again = stream.append(Any, events).await.unwrap();
        assert!(done.as_ref().is_none_or(|done| *done.as_ref().unwrap() == again));
        done
    })
    .await;
    assert_eq!(fragile.length("counter/1").await, (drops + 1) * 2);
}

/// A dropped save leaves the root as it was, and saving it again stores nothing twice.
#[tokio::test]
async fn a_dropped_save_can_be_repeated() {
    let fragile = Fragile::new().await;
    let counters = PgStore::over(fragile.store.clone()).repository::<Counter>();
    let mut total = 0;
    at_every_await(async |polls| {
        let mut root = counters.load(&1).await.unwrap();
        assert_eq!(root.total, total, "state and events disagree");
        root.record(Counted::Up { by: 1 });
        root.record(Counted::Up { by: 10 });
        let done = fragile.attempt(polls, counters.save(&mut root)).await;
        counters.save(&mut root).await.unwrap();
        total += 11;
        assert_eq!((root.total, root.recorded().len()), (total, 0));
        assert_eq!(root.version().map(StreamVersion::get), Some(i64::from(total / 11 * 2)));
        done
    })
    .await;
    let untouched = PgStore::over(fragile.db.backend()).repository::<Counter>().load(&1).await.unwrap();
    assert_eq!(untouched.total, total);
}

/// All events of a dropped command are stored, or none.
#[tokio::test]
async fn a_dropped_execute_happened_wholly_or_not_at_all() {
    let fragile = Fragile::new().await;
    let counters = PgStore::over(fragile.store.clone()).repository::<Counter>();
    at_every_await(async |polls| {
        // One for each attempt: what has to be loaded stays as long as it is.
        let counter = u32::try_from(polls).unwrap();
        counters.execute(&counter, CountTo(5)).await.unwrap();
        let done = fragile.attempt(polls, counters.execute(&counter, CountTo(50))).await;
        let total = counters.load(&counter).await.unwrap().total;
        let events = fragile.length(&format!("counter/{counter}")).await;
        assert!((total, events) == (5, 2) || (total, events) == (50, 4), "a total of {total} with {events} events");
        done.map(|done| assert_eq!((done.unwrap().root.total, total), (50, 50)))
    })
    .await;
}
