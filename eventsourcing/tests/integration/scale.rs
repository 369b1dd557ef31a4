//! What subscriptions cost the database: pages, statements, connections.

use std::time::Duration;

use eventsourcing::{
    After, Event, ExpectedVersion, PgOptions, PgStore, StreamId,
    testing::{ClusterOptions, PrivateCluster},
};
use futures_util::future::try_join_all;
use sqlx::{AssertSqlSafe, Row, raw_sql};

use crate::support::patiently;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "common", crate = "eventsourcing", unlocked)]
enum Common {
    Happened { number: u32 },
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "rare", crate = "eventsourcing", unlocked)]
enum Rare {
    Happened { number: u32 },
}

/// A server that counts its statements.
fn counting_cluster() -> PrivateCluster {
    ClusterOptions::new().setting("shared_preload_libraries", "pg_stat_statements").start().unwrap()
}

async fn store_on(cluster: &PrivateCluster, database: &str) -> PgStore {
    let store = PgStore::connect_with(&cluster.url(database), PgOptions::new()).await.unwrap();
    store.migrate().await.unwrap();
    raw_sql("create extension if not exists pg_stat_statements").execute(store.pool()).await.unwrap();
    // Only wake-ups of appends, so that their number does not depend on how long the test takes.
    store.with_poll_interval(Duration::from_hours(24))
}

/// How many statements have read the events table since the last call, and how many connections are open beside the pool.
async fn reads(store: &PgStore) -> i64 {
    calls(store, "query ilike 'select%'").await
}

/// How many pages of the log were read since the last call.
async fn pages(store: &PgStore) -> i64 {
    calls(store, "query ilike 'select e.position, e.version%'").await
}

async fn calls(store: &PgStore, which: &str) -> i64 {
    let sql = format!(
        "select coalesce(sum(calls), 0)::bigint from pg_stat_statements
         where dbid = (select oid from pg_database where datname = current_database())
            and ({which}) and query like '%\"eventsourcing\".events e%'"
    );
    let calls = sqlx::query(AssertSqlSafe(sql)).fetch_one(store.pool()).await.unwrap().get(0);
    raw_sql("select pg_stat_statements_reset()").execute(store.pool()).await.unwrap();
    calls
}

async fn connections_beside_the_pool(store: &PgStore) -> i64 {
    let sql =
        "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'";
    let all: i64 = sqlx::query(sql).fetch_one(store.pool()).await.unwrap().get(0);
    all - i64::from(store.pool().size())
}

/// Appends events one by one, each when all of the subscribers have the one before; the reads that this took.
async fn reads_of_subscribers(store: &PgStore, subscribers: usize) -> i64 {
    let all = store.all::<Common>();
    let mut subscriptions = try_join_all((0..subscribers).map(|_| all.subscribe(After::End))).await.unwrap();
    let stream = store.stream::<Common>(StreamId::new("common", subscribers).unwrap());
    reads(store).await;
    for number in 0..100 {
        stream.append(ExpectedVersion::Any, [Common::Happened { number }]).await.unwrap();
        for subscription in &mut subscriptions {
            assert_eq!(patiently(subscription.next()).await.unwrap().event, Common::Happened { number });
        }
    }
    let beside = connections_beside_the_pool(store).await;
    assert!(beside <= 2, "{beside} connections for {subscribers} subscribers");
    reads(store).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_subscribers_cost_no_more_statements_than_one() {
    let cluster = counting_cluster();
    let store = store_on(&cluster, "postgres").await;
    let of_one = reads_of_subscribers(&store, 1).await;
    let of_many = reads_of_subscribers(&store, 1_000).await;
    println!("statements on the events table: {of_one} for 1 subscriber, {of_many} for 1,000");
    assert!(of_one >= 100, "{of_one} reads cannot have delivered 100 events one by one");
    assert!((of_one - of_many).abs() * 10 <= of_one, "{of_one} reads for 1 subscriber, {of_many} for 1,000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_of_a_rare_tag_does_not_read_the_others() {
    let cluster = counting_cluster();
    let store = store_on(&cluster, "postgres").await;
    let rare = store.stream::<Rare>(StreamId::new("rare", 1).unwrap());
    let handled = rare.append(ExpectedVersion::NoStream, [Rare::Happened { number: 1 }]).await.unwrap();
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select n, gen_random_uuid(), 1, 'common/1', 'common.happened', '{\"number\":1}' from generate_series(1, 100000) n",
    )
    .execute(store.pool())
    .await
    .unwrap();
    let newest = rare.append(ExpectedVersion::Any, [Rare::Happened { number: 2 }]).await.unwrap();

    pages(&store).await;
    let after = After::Position(handled.position.unwrap());
    let mut subscription = store.all::<Rare>().subscribe(after).await.unwrap();
    let recorded = patiently(subscription.next()).await.unwrap();
    assert_eq!(Some(recorded.position), newest.position);
    let pages = pages(&store).await;
    println!("{pages} pages behind 100,000 foreign events");
    assert!((1..10).contains(&pages), "{pages} pages");
}
