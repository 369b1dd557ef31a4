//! A future that is dropped at any await leaves no transaction open, and what it was to store is stored whole or not at all.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use eventsourcing::{
    AppendBatch, ExpectedVersion, GlobalPosition, SqliteOptions, SqliteStore,
    port::{Checkpoint, Checkpoints, Progress, Via},
    sqlx::{SqliteConnection, raw_sql},
};
use tokio::time::timeout;

use crate::support::{AccountEvent, Directory, append, deposit, number};

/// What the future gives within so many polls.
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
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Drops the future after each number of polls, until it is done a few times over. After each, somebody who knows nothing of
/// the store can write, and so can the store.
async fn at_every_await(attempt: impl AsyncFn(&SqliteStore, usize) -> bool, check: &'static str) {
    let directory = Directory::new();
    directory.store().await;
    let mut stranger = directory.stranger().await;
    let (mut polls, mut done) = (0, 0);
    while done < 5 {
        // Opening is part of it now and then.
        let options = SqliteOptions::new().synchronous_normal();
        let store = SqliteStore::open_with(directory.file(), options).await.unwrap();
        for warm in [false, true] {
            done += usize::from(attempt(&store, polls).await);
            nobody_writes(&mut stranger).await;
            assert_eq!(number(&mut stranger, check).await, 0, "after {polls} polls");
            if warm {
                append(&store, "after").await;
            }
        }
        polls += 1;
        assert!(polls < 10_000, "never done");
    }
}

/// The stranger writes, as soon as what was dropped has come to its end.
async fn nobody_writes(stranger: &mut SqliteConnection) {
    let write = async {
        while raw_sql("begin immediate; commit").execute(&mut *stranger).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), write).await.expect("a transaction was left open");
}

/// Streams `account/a..` and `account/b..` are written together.
const IN_HALVES: &str = "select count(*) filter (where stream_id like 'account/a-%')
    - count(*) filter (where stream_id like 'account/b-%') from eventsourcing_events";

fn batch(polls: usize) -> AppendBatch {
    let mut batch = AppendBatch::new();
    for half in ["a", "b"] {
        let events = [deposit(1), deposit(2), deposit(3)].concat();
        batch.add(format!("account/{half}-{polls}").parse().unwrap(), ExpectedVersion::Any, events).unwrap();
    }
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_batch() {
    at_every_await(
        async |store, polls| poll_at_most(polls, store.append_batch(batch(polls))).await.is_some(),
        IN_HALVES,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_append() {
    let in_part = "select count(*) % 3 from eventsourcing_events where stream_id like 'account/a-%'";
    let attempt = async |store: &SqliteStore, polls: usize| {
        let stream = store.stream::<AccountEvent>(format!("account/a-{polls}").parse().unwrap());
        let events = [deposit(1), deposit(2), deposit(3)].concat();
        poll_at_most(polls, stream.append(ExpectedVersion::Any, events)).await.is_some()
    };
    at_every_await(attempt, in_part).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_transaction() {
    let attempt = async |store: &SqliteStore, polls: usize| {
        let transaction = async {
            let mut transaction = store.begin().await.unwrap();
            for half in ["a", "b"] {
                let mut stream = transaction.stream::<AccountEvent>(format!("account/{half}-{polls}").parse().unwrap());
                stream.append(ExpectedVersion::Any, [deposit(1), deposit(2)].concat()).await.unwrap();
            }
            transaction.commit().await.unwrap();
        };
        poll_at_most(polls, transaction).await.is_some()
    };
    at_every_await(attempt, IN_HALVES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_rollback() {
    let attempt = async |store: &SqliteStore, polls: usize| {
        let transaction = async {
            let mut transaction = store.begin().await.unwrap();
            let mut stream = transaction.stream::<AccountEvent>("account/a-1".parse().unwrap());
            stream.append(ExpectedVersion::Any, deposit(1)).await.unwrap();
            transaction.rollback().await.unwrap();
        };
        poll_at_most(polls, transaction).await.is_some()
    };
    at_every_await(attempt, IN_HALVES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_move_of_a_checkpoint() {
    let attempt = async |store: &SqliteStore, polls: usize| {
        append(store, "ada").await;
        let (backend, name) = (store.backend(), format!("consumer-{polls}"));
        let moves = async {
            let declared = backend.declare(&name, Checkpoint::START, "test", &[]).await.unwrap();
            let Some(declared) = declared else { return };
            let progress = Progress::new(GlobalPosition::new(1).unwrap());
            backend.advance(Via::Store, &name, declared, progress).await.unwrap();
        };
        poll_at_most(polls, moves).await.is_some()
    };
    at_every_await(attempt, "select 0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_migration() {
    let (mut polls, mut done) = (0, 0);
    while done < 3 {
        let directory = Directory::new();
        let store = SqliteStore::open(directory.file()).await.unwrap();
        done += usize::from(poll_at_most(polls, store.migrate()).await.is_some());
        let mut stranger = directory.stranger().await;
        nobody_writes(&mut stranger).await;
        let tables = number(&mut stranger, "select count(*) from sqlite_schema where name like 'eventsourcing%'").await;
        assert!(tables == 0 || store.verify().await.is_ok(), "{tables} objects after {polls} polls");
        store.migrate().await.unwrap();
        polls += 1;
        assert!(polls < 1_000, "never done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_append_of_one_event_leaves_the_queue_to_somebody() {
    let store = SqliteStore::in_memory().await.unwrap();
    for attempt in 0..100 {
        let stream = store.stream::<AccountEvent>(format!("account/dropped-{attempt}").parse().unwrap());
        let mut dropped = Box::pin(stream.append(ExpectedVersion::Any, deposit(1)));
        poll_fn(|context| Poll::Ready(dropped.as_mut().poll(context).is_ready())).await;
        let waiting = ["a", "b", "c"].map(|account| {
            let store = store.clone();
            tokio::spawn(async move { append(&store, account).await })
        });
        drop(dropped);
        for waits in waiting {
            assert_eq!(timeout(Duration::from_secs(20), waits).await.unwrap().unwrap().get(), attempt + 1);
        }
    }
}
