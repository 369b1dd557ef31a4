//! Appends whose connection breaks: what provably was not stored, or cannot be stored twice, is sent again.

use std::collections::HashSet;

use eventsourcing::{
    AppendError,
    ExpectedVersion::{Any, NoStream},
    PgOptions, Postgres, StoreError,
    store::{Append, Backend, Via},
};
use tokio::task::JoinSet;

use crate::support::{
    TestDb, patiently,
    port::{append, exact, length, run},
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
