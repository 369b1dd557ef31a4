//! Batches over several streams: none waits for another one in a circle, and each says why it was refused.

use eventsourcing::{
    AppendBatch, AppendError, Event,
    ExpectedVersion::{self, Any, NoStream, StreamExists},
    PgOptions, PgStore, StreamId,
    port::{Append, Appends, InvalidAppend, Via},
};
use proptest::{
    prelude::RngExt,
    test_runner::{RngAlgorithm, TestRng},
};
use sqlx::Connection;
use tokio::task::JoinSet;

use crate::support::{
    TestDb, patiently,
    port::{append, event, id, length, run},
    proxy::Proxy,
};

const STREAMS: u32 = 25;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "batched", unlocked)]
enum Batched {
    Counted { n: u32 },
}

fn stream(number: u32) -> StreamId {
    StreamId::new("batch", number).unwrap()
}

/// Two events for each of some 15 of the 25 streams, in any order.
fn batch(random: &mut TestRng, expected: ExpectedVersion) -> AppendBatch {
    let mut streams: Vec<u32> = (0..STREAMS).filter(|_| random.random_bool(0.6)).collect();
    for place in (1..streams.len()).rev() {
        streams.swap(place, random.random_range(0..=place));
    }
    let mut batch = AppendBatch::new();
    for number in streams {
        batch.add(stream(number), expected, [Batched::Counted { n: 1 }, Batched::Counted { n: 2 }]).unwrap();
    }
    batch
}

async fn with_streams() -> (TestDb, PgStore) {
    let db = TestDb::new().await;
    let store = db.store();
    for number in 0..STREAMS {
        store.stream(stream(number)).append(NoStream, [Batched::Counted { n: 0 }]).await.unwrap();
    }
    (db, store)
}

/// How many events all batches of one writer have stored.
async fn write(store: PgStore, writer: u8, expected: ExpectedVersion, is_callers: bool) -> usize {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[writer; 32]);
    let mut stored = 0;
    for _ in 0..12 {
        let batch = batch(&mut random, expected);
        stored += 2 * batch.len();
        if is_callers {
            let mut connection = store.pool().acquire().await.unwrap();
            let mut transaction = connection.begin().await.unwrap();
            store.in_transaction(&mut transaction).append_batch(batch).await.unwrap();
            transaction.commit().await.unwrap();
        } else {
            store.append_batch(batch).await.unwrap();
        }
    }
    stored
}

/// A deadlock would be an error of one of them.
#[tokio::test(flavor = "multi_thread")]
async fn batches_over_the_same_streams_never_deadlock() {
    for expected in [Any, StreamExists] {
        for is_callers in [false, true] {
            let (db, store) = with_streams().await;
            let mut writers = JoinSet::new();
            for writer in 0..8 {
                writers.spawn(write(store.clone(), writer, expected, is_callers));
            }
            let stored: usize = patiently(writers.join_all()).await.into_iter().sum();
            let mut found = 0;
            for number in 0..STREAMS {
                found += length(&db.backend(), stream(number).as_str()).await - 1;
            }
            assert_eq!(found, stored, "{expected}, in the caller's transaction: {is_callers}");
        }
    }
}

/// What a batch has stored before it lost a race for another stream is not in the way of what runs again.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_loses_a_race_lets_go_of_what_it_won() {
    let (db, store) = with_streams().await;
    let mut winner = db.pool().begin().await.unwrap();
    store.in_transaction(&mut winner).stream(stream(2)).append(Any, [Batched::Counted { n: 1 }]).await.unwrap();
    let mut both = AppendBatch::new();
    for number in [2, 1] {
        both.add(stream(number), Any, [Batched::Counted { n: 2 }]).unwrap();
    }
    let losing = store.clone();
    let loser = tokio::spawn(async move { losing.append_batch(both).await });
    db.until_blocked(1).await;
    winner.commit().await.unwrap();
    let appended = patiently(loser).await.unwrap().unwrap();
    let versions: Vec<_> = appended.iter().map(|appended| appended.version.unwrap().get()).collect();
    assert_eq!(versions, [3, 2], "in the order of the batch");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_batch_answers_with_its_refusal() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let store = PgStore::connect_with(&proxy.url(), PgOptions::new().max_connections(1)).await.unwrap();
    let batch = || {
        let mut batch = AppendBatch::new();
        batch.add(stream(1), Any, [Batched::Counted { n: 1 }]).unwrap();
        batch.add(stream(2), StreamExists, [Batched::Counted { n: 1 }]).unwrap();
        batch
    };
    assert!(matches!(store.append_batch(batch()).await, Err(AppendError::Conflict(_))));
    proxy.break_at(Some("rollback"));
    let result = store.append_batch(batch()).await;
    assert!(matches!(result, Err(AppendError::Conflict(_))), "{result:?}");
    proxy.break_at(None);
    assert_eq!(length(&db.backend(), "batch/1").await, 0);
}

/// What the database would refuse for all is refused for the one append that has it.
#[tokio::test]
async fn a_payload_that_is_no_json_fails_its_own_append_only() {
    let db = TestDb::new().await;
    let store = db.backend();
    for (n, broken) in [&b"{"[..], b"", b"nul", b"\"\xff\"", b"\"\n\"", b"1 2"].into_iter().enumerate() {
        let mut events = vec![event("t", "1"), event("t", "1")];
        events[1].event.payload = broken.to_vec();
        let group = [
            append(&format!("a/{n}"), NoStream, 1),
            Append::new(id("b/1"), Any, events),
            append(&format!("c/{n}"), NoStream, 2),
        ];
        let results = store.append(Via::Store, &group).await.unwrap();
        assert!(results[0].is_ok() && results[2].is_ok(), "case {n}: {results:?}");
        let refused = results[1].as_ref().unwrap_err();
        assert!(matches!(refused, AppendError::Invalid(InvalidAppend::NotJson { index: 1 })), "case {n}: {refused}");
    }
    for json in ["\"\\ud800\"", " [1e999, {}] ", "{\"a\":1,\"a\":2}"] {
        run(&store, &Append::new(id("d/1"), Any, vec![event("t", json)])).await.unwrap();
    }
}
