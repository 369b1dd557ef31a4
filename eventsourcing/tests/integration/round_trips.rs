//! What operations cost in round trips, counted between the store and its server.

use eventsourcing::{
    Aggregate, Apply, Decide, Event,
    ExpectedVersion::{Any, NoStream},
    PgOptions, PgStore, Postgres, Schema, StreamVersion,
    port::{AppendError, Appends, Reads, Transactions, Via},
};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::task::yield_now;

use crate::support::{
    TestDb, patiently,
    port::{append, exact, id, run, with_ids},
    proxy::{Proxy, RoundTrip},
};

/// A store behind a proxy. Its one connection has run each of the statements that the tests count.
async fn warm_store(db: &TestDb) -> (Postgres, Proxy) {
    let proxy = Proxy::before(db.options());
    let store = Postgres::connect(&proxy.url(), PgOptions::new().max_connections(1)).await.unwrap();
    run(&store, &append("warm/1", NoStream, 1)).await.unwrap();
    run(&store, &append("warm/1", exact(1), 0)).await.unwrap();
    run(&store, &with_ids(append("warm/1", NoStream, 1))).await.unwrap_err();
    load(&store, "warm/1").await;
    until_given_back(&store).await;
    proxy.take();
    (store, proxy)
}

/// What was sent since the last call: the types of the messages of each round trip.
///
/// When a connection is given back, after the caller has its result, the store makes sure that no transaction is open on
/// it, and the driver's pool that it still answers; that is waited for, so that each round trip counts where it belongs.
async fn trips(store: &Postgres, proxy: &Proxy) -> Vec<String> {
    until_given_back(store).await;
    let mut trips = messages(proxy.take());
    let given_back = trips.iter().position(|messages| *messages == RELEASE[0]).unwrap_or(trips.len());
    assert_eq!(trips.split_off(given_back), RELEASE);
    trips
}

async fn until_given_back(store: &Postgres) {
    patiently(async {
        while store.pool().num_idle() < 1 {
            yield_now().await;
        }
    })
    .await;
}

async fn load(store: &Postgres, stream: &str) -> usize {
    let stream = id(stream);
    let loaded: Vec<_> = store.load(Via::Store, &stream, None).try_collect().await.unwrap();
    loaded.len()
}

/// A statement that is prepared already: Bind, Execute, Close of its portal, Sync.
const STATEMENT: &str = "BECS";
/// A connection is given back: is a transaction open on it, does it still answer.
const RELEASE: [&str; 2] = ["Q", "S"];

fn messages(trips: Vec<RoundTrip>) -> Vec<String> {
    trips.into_iter().map(|trip| trip.messages).collect()
}

#[tokio::test]
async fn a_warm_append_takes_one() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    for (expected, events) in [(NoStream, 1), (exact(1), 25), (Any, 500), (exact(526), 0)] {
        run(&store, &append("account/1", expected, events)).await.unwrap();
        assert_eq!(trips(&store, &proxy).await, [STATEMENT]);
    }
}

#[tokio::test]
async fn a_warm_append_of_several_streams_takes_one() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    let appends: Vec<_> = (0..20).map(|number| append(&format!("account/{number}"), NoStream, 3)).collect();
    let results = store.append(Via::Store, &appends).await.unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(trips(&store, &proxy).await, [STATEMENT]);
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
        assert_eq!(trips(&store, &proxy).await, statements);
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
    assert_eq!(trips(&store, &proxy).await, [STATEMENT, STATEMENT]);
}

#[tokio::test]
async fn a_load_takes_one() {
    let db = TestDb::new().await;
    let (store, proxy) = warm_store(&db).await;
    run(&store, &append("account/1", NoStream, 300)).await.unwrap();
    trips(&store, &proxy).await;
    assert_eq!(load(&store, "account/1").await, 300);
    assert_eq!(trips(&store, &proxy).await, [STATEMENT]);
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "counted", unlocked)]
enum Counted {
    Up,
}

#[derive(Debug, Default, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = Counted, id = u32, category = "counter", snapshot(every = 10, version = 1))]
struct Counter {
    total: u32,
}

impl Apply<Counted> for Counter {
    fn apply(&mut self, _: &Counted) {
        self.total += 1;
    }
}

struct CountUp;

impl Decide<CountUp> for Counter {
    type Error = std::convert::Infallible;

    fn decide(&self, _: &CountUp) -> Result<Vec<Counted>, Self::Error> {
        Ok(vec![Counted::Up; 2])
    }
}

/// Wake-ups for other processes are sent beside the appends, at their own pace.
fn without_wake_ups(trips: Vec<RoundTrip>) -> Vec<String> {
    let is_wake_up = |trip: &RoundTrip| trip.sql.iter().any(|sql| sql.contains("pg_notify"));
    let trips = trips.into_iter().filter(|trip| !is_wake_up(trip)).collect();
    messages(trips).into_iter().filter(|messages| !RELEASE.contains(&&**messages)).collect()
}

#[tokio::test]
async fn an_aggregate_is_loaded_in_one_and_executes_in_two() {
    let db = TestDb::new().await;
    let (backend, proxy) = warm_store(&db).await;
    let counters = PgStore::over(backend).repository::<Counter>();
    // With and without a snapshot: every statement is prepared.
    for _ in 0..5 {
        counters.execute(&1, CountUp).await.unwrap();
    }
    db.until_snapshot(id("counter/1"), 10).await;
    counters.execute(&1, CountUp).await.unwrap();
    without_wake_ups(proxy.take());
    let mut root = counters.load(&1).await.unwrap();
    assert_eq!((root.total, without_wake_ups(proxy.take())), (12, vec![STATEMENT.to_owned()]));
    root.record(Counted::Up);
    counters.save(&mut root).await.unwrap();
    assert_eq!(without_wake_ups(proxy.take()), [STATEMENT]);
    counters.execute(&1, CountUp).await.unwrap();
    assert_eq!(without_wake_ups(proxy.take()), [STATEMENT, STATEMENT]);
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
