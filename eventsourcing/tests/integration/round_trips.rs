//! What operations cost in round trips, counted between the store and its server.

use eventsourcing::{
    ExpectedVersion::{Any, NoStream},
    PgOptions, Postgres, StreamVersion,
    store::{AppendError, Backend, Via},
};
use futures_util::TryStreamExt;
use tokio::task::yield_now;

use crate::support::{
    TestDb, patiently,
    port::{append, exact, id, run, with_ids},
    proxy::Proxy,
};

/// A store behind a proxy. Its one connection has run each of the statements that the tests count.
async fn warm_store(db: &TestDb) -> (Postgres, Proxy) {
    let proxy = Proxy::before(db.options());
    let store = Postgres::connect(&proxy.url(), PgOptions::new().max_connections(1)).await.unwrap();
    run(&store, &append("warm/1", NoStream, 1)).await.unwrap();
    run(&store, &append("warm/1", exact(1), 0)).await.unwrap();
    run(&store, &with_ids(append("warm/1", NoStream, 1))).await.unwrap_err();
    load(&store, "warm/1").await;
    trips(&store, &proxy).await;
    (store, proxy)
}

/// What was sent since the last call: the types of the messages of each round trip.
///
/// The driver's pool asks a connection whether it still answers when it is given back, after the caller has its result;
/// that is waited for, so that each round trip counts where it belongs.
async fn trips(store: &Postgres, proxy: &Proxy) -> Vec<String> {
    patiently(async {
        while store.pool().num_idle() < 1 {
            yield_now().await;
        }
    })
    .await;
    proxy.take().into_iter().map(|trip| trip.messages).collect()
}

async fn load(store: &Postgres, stream: &str) -> usize {
    let stream = id(stream);
    let loaded: Vec<_> = store.load(Via::Store, &stream, None).try_collect().await.unwrap();
    loaded.len()
}

/// A statement that is prepared already: Bind, Execute, Close of its portal, Sync.
const STATEMENT: &str = "BECS";
/// A connection is given back.
const RELEASE: &str = "S";

#[tokio::test]
async fn a_warm_append_takes_one() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    for (expected, events) in [(NoStream, 1), (exact(1), 25), (Any, 500), (exact(526), 0)] {
        run(&store, &append("account/1", expected, events)).await.unwrap();
        assert_eq!(trips(&store, &proxy).await, [STATEMENT, RELEASE]);
    }
}

#[tokio::test]
async fn a_warm_append_of_several_streams_takes_one() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    let appends: Vec<_> = (0..20).map(|number| append(&format!("account/{number}"), NoStream, 3)).collect();
    let results = store.append(Via::Store, &appends).await.unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(trips(&store, &proxy).await, [STATEMENT, RELEASE]);
}

#[tokio::test]
async fn a_stale_expectation_takes_at_most_two() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    let stale = append("warm/1", exact(7), 1);
    for (append, statements) in [(stale.clone(), vec![STATEMENT]), (with_ids(stale), vec![STATEMENT, STATEMENT])] {
        let error = run(&store, &append).await.unwrap_err();
        let AppendError::Conflict(conflict) = error else { panic!("{error}") };
        assert_eq!(conflict.actual, Some(StreamVersion::FIRST));
        assert_eq!(trips(&store, &proxy).await, [statements, vec![RELEASE]].concat());
    }
}

#[tokio::test]
async fn a_lost_race_takes_two() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    let winner = db.backend();
    let mut transaction = winner.begin().await.unwrap();
    let first = [append("account/1", NoStream, 3)];
    winner.append(Via::Caller(&mut transaction), &first).await.unwrap().remove(0).unwrap();

    let losing = store.clone();
    let loser = tokio::spawn(async move { run(&losing, &append("account/1", NoStream, 1)).await });
    db.until_blocked(1).await;
    transaction.commit().await.unwrap();
    let error = patiently(loser).await.unwrap().unwrap_err();
    let AppendError::Conflict(conflict) = error else { panic!("{error}") };
    assert_eq!((conflict.expected, conflict.actual), (NoStream, StreamVersion::new(3)));
    assert_eq!(trips(&store, &proxy).await, [STATEMENT, STATEMENT, RELEASE]);
}

#[tokio::test]
async fn a_load_takes_one() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    run(&store, &append("account/1", NoStream, 300)).await.unwrap();
    trips(&store, &proxy).await;
    assert_eq!(load(&store, "account/1").await, 300);
    assert_eq!(trips(&store, &proxy).await, [STATEMENT, RELEASE]);
}

/// The proxy itself: what it says of a session whose round trips are known.
#[tokio::test]
async fn the_proxy_counts_what_is_sent() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    proxy.in_pieces(true);
    let pool = sqlx::PgPool::connect(&proxy.url()).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    proxy.take();
    sqlx::raw_sql("select 1; select 2").execute(&mut *connection).await.unwrap();
    sqlx::query("select $1").bind("text").execute(&mut *connection).await.unwrap();
    let trips = proxy.take();
    let sql: Vec<_> = trips.iter().flat_map(|trip| trip.sql.iter().map(String::as_str)).collect();
    assert_eq!(sql, ["select 1; select 2", "select $1", "select $1"], "{trips:?}");
    assert_eq!(trips.iter().map(|trip| &*trip.messages).collect::<Vec<_>>(), ["Q", "PDS", "BECS"]);
}
