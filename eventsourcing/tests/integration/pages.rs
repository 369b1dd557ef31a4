//! What reading costs at most: memory, time for a statement, connections.

use std::time::Duration;

use eventsourcing::{
    After, Category, Delivery, ExpectedVersion, GlobalPosition, PgOptions, PgStore, Postgres, Store, StreamVersion,
    port::{Direction, Filter, LogQuery, PAGE_BYTES, Page, Reads, Stored, StreamQuery, Via},
};
use futures_util::{TryStreamExt, future::join_all};
use sqlx::{AssertSqlSafe, Row, postgres::PgPoolOptions, raw_sql};
use tracing::Level;

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    fences,
    logs::Logs,
    patiently,
};

async fn deposit(store: &PgStore, id: u32) -> GlobalPosition {
    let appended = store.stream(account(id)).append(ExpectedVersion::Any, deposits(1)).await;
    appended.unwrap().position.unwrap()
}

/// Appends to one stream an event for each row of a query, which gives their payloads.
async fn insert(db: &TestDb, stream_id: &str, payloads: &str) {
    let sql = format!(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select row_number() over () + (select count(*) from eventsourcing.events where stream_id = '{stream_id}'),
            gen_random_uuid(), 1, '{stream_id}', 'foreign.event', payload
         from ({payloads}) as p (payload)"
    );
    raw_sql(AssertSqlSafe(sql)).execute(db.pool()).await.unwrap();
}

/// The payload bytes of a page, which are bounded unless it is of one event.
fn assert_bounded<P: AsRef<[u8]> + std::fmt::Debug>(page: &Page<P>) -> Option<&Stored<P>> {
    let payload = |stored: &Stored<P>| match stored {
        Stored::Event(event) => event.event.as_ref().len(),
        other => panic!("{other:?}"),
    };
    let bytes: usize = page.events.iter().map(payload).sum();
    let bound = usize::try_from(PAGE_BYTES).unwrap();
    assert!(bytes <= bound || page.events.len() == 1, "{bytes} bytes in {} events", page.events.len());
    assert!(page.events.len() > 1 || bytes > bound || !page.more, "a page has what fits");
    page.events.last()
}

/// Small events, then large ones that Postgres compresses well, or cannot compress, and one that is larger than a page.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_bounded_whatever_comes_after_the_last_one() {
    const EVENTS: i64 = 400 + 9 + 100 + 9 + 2 + 3;
    let db = TestDb::new().await;
    let store = db.backend();
    let random = "(select string_agg(md5(random()::text), '') from generate_series(1, 31250) where n > 0)";
    for (payloads, count) in [("to_json(n)", 400), ("to_json(repeat('x', 1000000))", 9), ("to_json(n)", 100)] {
        insert(&db, "foreign/1", &format!("select {payloads} from generate_series(1, {count}) n")).await;
    }
    insert(&db, "foreign/1", &format!("select to_json({random}) from generate_series(1, 9) n")).await;
    insert(&db, "foreign/1", "select to_json(repeat('x', 6000000)) from generate_series(1, 2) n").await;
    insert(&db, "foreign/1", "select to_json(n) from generate_series(1, 3) n").await;

    let stream_id: eventsourcing::StreamId = "foreign/1".parse().unwrap();
    for direction in [Direction::Forwards, Direction::Backwards] {
        let step = if direction == Direction::Forwards { 1 } else { -1 };
        let (mut in_stream, mut in_log) = (Vec::new(), Vec::new());
        let mut from = None;
        loop {
            let query = StreamQuery::new(stream_id.clone()).from(from).direction(direction).limit(2_000);
            let page = store.read_stream(Via::Store, query).await.unwrap();
            from = StreamVersion::new(assert_bounded(&page).unwrap().version().get() + step);
            in_stream.extend(page.events.iter().map(|stored| stored.version().get()));
            if !page.more {
                break;
            }
        }
        let mut from = None;
        loop {
            let query = LogQuery::new(Filter::default()).from(from).direction(direction).limit(2_000);
            let page = store.read_log(query).await.unwrap();
            from = GlobalPosition::new(assert_bounded(&page).unwrap().position().get() + step);
            in_log.extend(page.events.iter().map(|stored| stored.version().get()));
            if !page.more {
                break;
            }
        }
        let mut expected: Vec<i64> = (1..=EVENTS).collect();
        if direction == Direction::Backwards {
            expected.reverse();
        }
        assert_eq!((in_stream, in_log), (expected.clone(), expected));
    }
}

/// The store, under a time-out that a search of the whole log does not hold.
async fn hurried(db: &TestDb) -> PgStore {
    let options = db.options().clone().options([("statement_timeout", "25ms")]);
    let pool = PgPoolOptions::new().max_connections(4).connect_with(options).await.unwrap();
    Store::over(Postgres::with_options(pool, PgOptions::new()).unwrap())
}

/// A statement over the whole log is cancelled; those over windows of it come to its end, and take the cursor along.
#[tokio::test(flavor = "multi_thread")]
async fn consumers_of_rare_events_come_forward_under_a_statement_timeout() {
    let db = TestDb::new().await;
    // With statistics the planner may know that there is nothing to find, and then the search is quick.
    let without_statistics = "alter table eventsourcing.events set (autovacuum_enabled = false)";
    raw_sql(without_statistics).execute(db.pool()).await.unwrap();
    let patient = db.store();
    let first = deposit(&patient, 1).await;
    insert(&db, "foreign/1", "select to_json(n) from generate_series(1, 600000) n").await;
    let last = deposit(&patient, 1).await;
    let foreign: i64 = last.get() - first.get() - 1;
    assert_eq!(foreign, 600_000);
    let store = hurried(&db).await;
    let all = store.all::<AccountEvent>();
    let rare = LogQuery::new(Filter::new().category(Some(Category::from_static("nobody")))).limit(10);
    assert!(store.backend().read_log(rare).await.is_err(), "the search is too fast, so this run shows nothing");

    let mut subscription = patiently(all.subscribe(After::Start)).await.unwrap();
    assert_eq!(patiently(subscription.next()).await.unwrap().position, first);
    assert_eq!(patiently(subscription.next()).await.unwrap().position, last);
    let nobody = store.category::<AccountEvent>(Category::from_static("nobody"));
    let mut nobody = patiently(nobody.subscribe(After::Start)).await.unwrap();
    assert!(matches!(patiently(nobody.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    assert_eq!(nobody.position(), Some(last), "the cursor has come along");
    let read: Vec<_> = patiently(all.read().try_collect()).await.unwrap();
    assert_eq!(read.len(), 2);
}

/// Reads that wait for a writer, all at once, take no connection each, and when they have ended none is left over.
#[tokio::test(flavor = "multi_thread")]
async fn reads_of_the_log_take_no_connection_each() {
    const POOL: u32 = 4;
    let db = TestDb::new().await;
    let writer = db.store();
    let mut open = writer.begin().await.unwrap();
    open.stream(account(1)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    deposit(&writer, 2).await;

    let options = db.options().clone().application_name("reads");
    let pool = PgPoolOptions::new().max_connections(POOL).connect_with(options).await.unwrap();
    let store: PgStore = Store::over(Postgres::with_options(pool, PgOptions::new()).unwrap());
    let fences = fences::count();
    let reads: Vec<_> = (0..200)
        .map(|_| {
            let all = store.all::<AccountEvent>();
            tokio::spawn(async move { all.read().try_collect::<Vec<_>>().await.unwrap().len() })
        })
        .collect();
    patiently(async {
        while fences.get() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // One for the tail, and one that listens.
    let most = i64::from(POOL) + 2;
    let connections = async || {
        let sql = "select count(*) from pg_stat_activity where application_name = 'reads'";
        sqlx::query(sql).fetch_one(db.pool()).await.unwrap().get::<i64, _>(0)
    };
    assert!(connections().await <= most, "{}", connections().await);
    open.commit().await.unwrap();
    for read in patiently(join_all(reads)).await {
        assert_eq!(read.unwrap(), 2);
    }
    assert!(connections().await <= most, "{}", connections().await);
}

/// A task that reads the log while it holds a transaction that has appended waits for itself; the log says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_may_wait_for_itself_says_so() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut open = store.begin().await.unwrap();
    open.stream(account(1)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    let last = deposit(&store, 2).await;
    let logs = Logs::default();
    let mut all = store.all::<AccountEvent>().read();
    {
        let mut read = std::pin::pin!(logs.of(all.next()));
        patiently(async {
            while !logs.at(Level::WARN).iter().any(|message| message.contains("waits for itself")) {
                let waiting = tokio::time::timeout(Duration::from_millis(20), read.as_mut()).await;
                assert!(waiting.is_err(), "nothing is settled before the transaction has ended");
            }
        })
        .await;
    }
    let warning = logs.at(Level::WARN).remove(0);
    assert!(warning.contains("begun_here=1") && warning.contains("pid: Some"), "{warning}");
    open.commit().await.unwrap();
    let rest: Vec<_> = patiently(all.try_collect()).await.unwrap();
    assert_eq!(rest.last().map(|recorded: &eventsourcing::Recorded<_>| recorded.position), Some(last));
}
