//! Appends whose connection breaks: what provably was not stored, or cannot be stored twice, is sent again.

use std::collections::HashSet;

use eventsourcing::{
    AppendError,
    ExpectedVersion::{Any, NoStream, StreamExists},
    PgOptions, Postgres, StoreError,
    port::{Append, Appends, Transactions, Via},
};
use tokio::task::JoinSet;

use crate::support::{
    TestDb, patiently,
    port::{append, exact, length, run, run_in},
    proxy::Proxy,
};

const CONNECTIONS: u32 = 10;

async fn behind_proxy(connections: u32) -> (TestDb, Proxy, Postgres) {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let options = PgOptions::new().max_connections(connections).listen(false);
    let store = Postgres::connect(&proxy.url(), options).await.unwrap();
    run(&store, &append("warm/1", NoStream, 1)).await.unwrap();
    (db, proxy, store)
}

/// Opens all connections of the pool and leaves them idle.
async fn open_all(store: &Postgres) {
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        held.push(store.pool().acquire().await.unwrap());
    }
    drop(held);
    patiently(async {
        while store.pool().num_idle() < usize::try_from(CONNECTIONS).unwrap() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Each connection of the pool is dead, and nobody has noticed; the server is another one already.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_appends_after_a_failover_succeed() {
    let (db, proxy, store) = behind_proxy(CONNECTIONS).await;
    for round in 0..3 {
        open_all(&store).await;
        proxy.break_all().await;
        let mut appends = JoinSet::new();
        for number in 0..CONNECTIONS {
            let (store, expected) = (store.clone(), if number % 2 == 0 { NoStream } else { Any });
            let append = append(&format!("account/{round}-{number}"), expected, 2);
            appends.spawn(async move { run(&store, &append).await });
        }
        for result in patiently(appends.join_all()).await {
            result.unwrap();
        }
        for number in 0..CONNECTIONS {
            assert_eq!(length(&db.backend(), &format!("account/{round}-{number}")).await, 2);
        }
    }
}

/// Events get their ids before they are sent, so an append at one exact place finds what it has stored already.
#[tokio::test]
async fn an_append_at_an_exact_version_survives_a_lost_answer() {
    let (db, proxy, store) = behind_proxy(1).await;
    for (expected, version) in [(NoStream, 2), (exact(2), 4)] {
        proxy.lose_answers(1);
        let appended = run(&store, &append("account/1", expected, 2)).await.unwrap();
        assert_eq!((appended.version.unwrap().get(), proxy.left_to_lose()), (version, 0));
    }
    assert_eq!(length(&db.backend(), "account/1").await, 4);

    proxy.lose_answers(1);
    let group: Vec<Append> = (0..70).map(|n| append(&format!("group/{n}"), NoStream, 2)).collect();
    let results = store.append(Via::Store, &group).await.unwrap();
    let positions: HashSet<_> = results.into_iter().map(|result| result.unwrap().position).collect();
    assert_eq!((positions.len(), proxy.left_to_lose()), (70, 0));
}

/// At no exact place, a repetition could be a second append: whether to send it again is for the caller to say.
#[tokio::test]
async fn an_append_at_any_version_is_not_sent_again_after_a_lost_answer() {
    let (db, proxy, store) = behind_proxy(1).await;
    for append in [vec![append("a/1", Any, 1)], vec![append("b/1", Any, 1), append("c/1", NoStream, 1)]] {
        proxy.lose_answers(1);
        let result = store.append(Via::Store, &append).await;
        assert!(matches!(result, Err(StoreError::Unavailable { .. })), "{result:?}");
    }
    for stream in ["a/1", "b/1", "c/1"] {
        assert_eq!(length(&db.backend(), stream).await, 1);
    }
}

#[tokio::test]
async fn an_append_is_sent_twice_at_most() {
    let (db, proxy, store) = behind_proxy(1).await;
    proxy.lose_answers(2);
    let result = run(&store, &append("account/1", NoStream, 1)).await;
    assert!(matches!(result, Err(AppendError::Store(StoreError::Unavailable { .. }))), "{result:?}");
    assert_eq!((length(&db.backend(), "account/1").await, proxy.left_to_lose()), (1, 0));
}

/// Before the commit is sent, nothing is stored: the whole batch can begin again, whatever it expects.
#[tokio::test]
async fn a_batch_survives_what_is_lost_before_its_commit() {
    let (db, proxy, store) = behind_proxy(1).await;
    let batch = [append("a/1", Any, 2), append("b/1", StreamExists, 0), append("c/1", NoStream, 1)];
    run(&store, &append("b/1", NoStream, 1)).await.unwrap();
    proxy.lose_answers(1);
    let appended = store.append_all(&batch).await.unwrap();
    assert_eq!((appended.len(), proxy.left_to_lose()), (3, 0));
    for (stream, count) in [("a/1", 2), ("b/1", 1), ("c/1", 1)] {
        assert_eq!(length(&db.backend(), stream).await, count);
    }
}

/// Afterwards, the batch is sent again when its events can be found where they would stand.
#[tokio::test]
async fn a_batch_whose_commit_was_not_answered_is_sent_again_at_exact_versions_only() {
    let (db, proxy, store) = behind_proxy(1).await;
    let exact = [append("a/1", NoStream, 2), append("b/1", NoStream, 1)];
    proxy.lose_answer_to("commit and chain");
    let versions: Vec<_> =
        store.append_all(&exact).await.unwrap().iter().map(|appended| appended.version.unwrap().get()).collect();
    assert_eq!(versions, [2, 1]);
    let any = [append("a/1", Any, 2), append("b/1", Any, 1)];
    proxy.lose_answer_to("commit and chain");
    let result = store.append_all(&any).await;
    assert!(matches!(result, Err(AppendError::Store(StoreError::Unavailable { .. }))), "{result:?}");
    assert_eq!((length(&db.backend(), "a/1").await, length(&db.backend(), "b/1").await), (4, 2));
}

#[tokio::test]
async fn a_transaction_begins_on_a_connection_that_is_alive() {
    let (_db, proxy, store) = behind_proxy(CONNECTIONS).await;
    open_all(&store).await;
    proxy.break_all().await;
    let transaction = store.begin().await.unwrap();
    transaction.rollback().await.unwrap();
}

/// One append of the group has lost a race, and its second attempt fails: the first one's events are stored, and it says so.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_keeps_its_result_when_another_append_of_the_group_fails() {
    let (db, proxy, store) = behind_proxy(1).await;
    let mut winner = db.pool().begin().await.unwrap();
    run_in(&store, &mut winner, &append("b/1", NoStream, 1)).await.unwrap();
    let losing = store.clone();
    let loser = tokio::spawn(async move {
        let group = [append("a/1", Any, 2), append("b/1", Any, 1)];
        losing.append(Via::Store, &group).await
    });
    db.until_blocked(1).await;
    // From now on, and so not for the attempt that waits.
    proxy.break_at(Some("b/1"));
    winner.commit().await.unwrap();
    let results = patiently(loser).await.unwrap().unwrap();
    assert_eq!(results[0].as_ref().unwrap().version.unwrap().get(), 2);
    assert!(matches!(&results[1], Err(AppendError::Store(StoreError::Unavailable { .. }))), "{results:?}");
    assert_eq!((length(&db.backend(), "a/1").await, length(&db.backend(), "b/1").await), (2, 1));
}
