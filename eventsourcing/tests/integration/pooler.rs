//! Behind pgbouncer in transaction mode, where each transaction may run on another server connection.

use std::time::Duration;

use eventsourcing::{
    After, Aggregate, AppendBatch, Apply, Decide, Event,
    ExpectedVersion::{Any, NoStream},
    PgOptions, PgStore, Postgres, Projection, Recorded, Schema, Store,
    port::{CategoryQuery, CheckpointQuery, LogQuery, StreamOrder, StreamsQuery},
};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, raw_sql};
use tokio::task::JoinSet;

use crate::support::{TestDb, patiently, pooler::Pooler, port::id};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "counted", unlocked)]
enum Counted {
    Up { by: i64 },
}

#[derive(Debug, Default, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = Counted, id = u32, category = "counter", snapshot(every = 3, version = 1))]
struct Counter {
    total: i64,
}

impl Apply<Counted> for Counter {
    fn apply(&mut self, Counted::Up { by }: &Counted) {
        self.total += by;
    }
}

struct CountUp(i64);

impl Decide<CountUp> for Counter {
    type Error = std::convert::Infallible;

    fn decide(&self, CountUp(by): &CountUp) -> Result<Vec<Counted>, Self::Error> {
        Ok(vec![Counted::Up { by: *by }])
    }
}

struct Total;

impl Projection<Postgres> for Total {
    const NAME: &'static str = "total";
    type Event = Counted;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<Counted>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for recorded in batch {
            let Counted::Up { by } = recorded.event;
            sqlx::query("update total set n = n + $1").bind(by).persistent(false).execute(&mut *connection).await?;
        }
        Ok(())
    }
}

async fn store_behind(pooler: &Pooler) -> PgStore {
    let backend = Postgres::connect(&pooler.url(), PgOptions::new().transaction_pooler()).await.unwrap();
    Store::over(backend).with_poll_interval(Duration::from_millis(20))
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_behind_a_transaction_pooler() {
    let db = TestDb::unmigrated().await;
    let pooler = Pooler::before(db.options()).await;
    let store = store_behind(&pooler).await;
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    store.verify().await.unwrap();
    raw_sql("create table total (n bigint); insert into total values (0)").execute(db.pool()).await.unwrap();

    let mut live = store.all::<Counted>().subscribe(After::Start).await.unwrap();
    let projector = tokio::spawn({
        let store = store.clone();
        async move { store.projector(Total).run(std::future::pending()).await }
    });

    // Many at once, so that transactions meet on the few servers that the pooler has.
    let mut tasks = JoinSet::new();
    for task in 0..16 {
        let counters = store.repository::<Counter>();
        tasks.spawn(async move {
            for _ in 0..10 {
                counters.execute(&task, CountUp(1)).await.unwrap();
            }
        });
    }
    patiently(tasks.join_all()).await;
    let mut batch = AppendBatch::new();
    for stream in ["batch/1", "batch/2"] {
        batch.add(id(stream), NoStream, [Counted::Up { by: 1 }, Counted::Up { by: 1 }]).unwrap();
    }
    store.append_batch(batch).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    transaction.stream::<Counted>(id("batch/1")).append(Any, [Counted::Up { by: 1 }]).await.unwrap();
    let inside = transaction.repository::<Counter>().execute(&1, CountUp(1)).await.unwrap();
    assert_eq!(inside.root.total, 11);
    transaction.commit().await.unwrap();
    let lost = store.stream::<Counted>(id("batch/1")).append(NoStream, [Counted::Up { by: 1 }]).await;
    lost.expect_err("the stream is there");

    let mut seen = 0;
    while seen < 166 {
        patiently(live.next()).await.unwrap();
        seen += 1;
    }
    let end = live.position().unwrap();
    patiently(store.projector_status::<Total>().reached(end)).await.unwrap();
    projector.abort();
    let total: (i64,) = sqlx::query_as("select n from total").fetch_one(db.pool()).await.unwrap();
    assert_eq!(total.0, 166);
    let mut history = store.all::<Counted>().read();
    let mut read = 0;
    while let Some(recorded) = patiently(history.next()).await {
        recorded.unwrap();
        read += 1;
    }
    assert_eq!(read, 166);
    assert_eq!(store.repository::<Counter>().load(&1).await.unwrap().total, 11);
    store.verify_history::<Counted>().await.unwrap();
    assert!(store.blockers().await.unwrap().is_empty());

    let raw = store.raw();
    assert_eq!(patiently(raw.log(LogQuery::default()).try_collect::<Vec<_>>()).await.unwrap().len(), 166);
    assert!(raw.categories(CategoryQuery::new()).await.unwrap().entries.contains(&Counter::CATEGORY));
    for order in [StreamOrder::default(), StreamOrder::LATEST, StreamOrder::LONGEST] {
        assert!(!raw.streams(StreamsQuery::new().order(order)).await.unwrap().entries.is_empty());
    }
    assert_eq!(raw.checkpoints(CheckpointQuery::new()).await.unwrap().entries[0].name, Total::NAME);
}
