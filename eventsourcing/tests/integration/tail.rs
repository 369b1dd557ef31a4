//! What a tail does when others are slow, silent, or have changed what it rests on.

use std::time::Duration;

use eventsourcing::{
    After, Delivery, ExpectedVersion, GlobalPosition, PgOptions, PgStore, Postgres, StoreError, Subscription,
    SubscriptionError,
    port::{Stored, Tail, Tails},
};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row, postgres::PgPoolOptions, raw_sql};
use tokio::time::sleep;
use uuid::Uuid;

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    fences, patiently,
    proxy::Proxy,
};

type Events = Subscription<AccountEvent, Postgres>;

/// How long to wait before the database is asked again whether it has come so far.
const PAUSE: Duration = Duration::from_millis(10);

async fn deposit(store: &PgStore, id: u32, count: usize) -> GlobalPosition {
    let appended = store.stream(account(id)).append(ExpectedVersion::Any, deposits(count)).await;
    appended.unwrap().position.unwrap()
}

async fn deposit_in(store: &PgStore, connection: &mut PgConnection, id: u32) {
    let mut inside = store.in_transaction(connection);
    inside.stream(account(id)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
}

async fn from_start(store: &PgStore) -> Events {
    patiently(store.all().subscribe(After::Start)).await.unwrap()
}

async fn read_to(subscription: &mut Events, position: GlobalPosition) {
    while patiently(subscription.next()).await.unwrap().position < position {}
}

async fn run(connection: &mut PgConnection, sql: &str) {
    raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

/// Waits until a statement is true.
async fn until(pool: &PgPool, condition: &str) {
    patiently(async {
        while !sqlx::query(AssertSqlSafe(condition.to_owned())).fetch_one(pool).await.unwrap().get::<bool, _>(0) {
            sleep(PAUSE).await;
        }
    })
    .await;
}

async fn until_marked(db: &TestDb, position: GlobalPosition) {
    until(db.pool(), &format!("select position is not distinct from {position} from eventsourcing.settled")).await;
}

/// Ends every session of the database but those of the pool that asks.
async fn kill_others(db: &TestDb) {
    let sql = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'to be killed'";
    raw_sql(sql).execute(db.pool()).await.unwrap();
}

/// A store whose sessions [`kill_others`] ends.
fn mortal_store(db: &TestDb) -> PgStore {
    let options = db.options().clone().application_name("to be killed");
    PgStore::new(PgPoolOptions::new().connect_lazy_with(options)).with_poll_interval(PAUSE)
}

fn store_error(error: SubscriptionError) -> StoreError {
    match error {
        SubscriptionError::Store(error) => error,
        error => panic!("{error}"),
    }
}

/// Only what follows a writer waits for it, whoever reads and since when.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_reader_gets_what_was_settled_whoever_writes() {
    let db = TestDb::new().await;
    let store = db.store();
    // A gap, so that only a fence can settle what is behind it.
    let mut gap = store.begin().await.unwrap();
    gap.stream(account(1)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    gap.rollback().await.unwrap();
    let old = deposit(&store, 1, 3).await;
    read_to(&mut from_start(&store).await, old).await;
    until_marked(&db, old).await;

    let mut forgotten = db.connect().await;
    run(&mut forgotten, "begin").await;
    deposit_in(&store, &mut forgotten, 2).await;
    run(&mut forgotten, "prepare transaction 'forgotten'").await;
    let behind = deposit(&store, 3, 1).await;

    let other = db.store();
    let mut start = from_start(&other).await;
    read_to(&mut start, old).await;
    let mut resumed = patiently(other.all::<AccountEvent>().subscribe(After::Position(old))).await.unwrap();
    // What follows the writer waits, in whatever process.
    for subscription in [&mut start, &mut resumed] {
        assert!(tokio::time::timeout(Duration::from_millis(300), subscription.next()).await.is_err());
    }
    let mut yet_another = from_start(&db.store()).await;
    run(&mut forgotten, "commit prepared 'forgotten'").await;
    read_to(&mut yet_another, old).await;
    for subscription in [&mut start, &mut resumed, &mut yet_another] {
        assert_eq!(patiently(subscription.next()).await.unwrap().stream_id, account(2));
        assert_eq!(patiently(subscription.next()).await.unwrap().position, behind);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_is_believed_only_with_its_event() {
    let db = TestDb::new().await;
    let last = deposit(&db.store(), 1, 3).await;
    for mark in ["position = 1000000, event_id = gen_random_uuid()", "position = 2, event_id = gen_random_uuid()"] {
        raw_sql(AssertSqlSafe(format!("update eventsourcing.settled set {mark}"))).execute(db.pool()).await.unwrap();
        let store = db.store();
        read_to(&mut from_start(&store).await, last).await;
        until_marked(&db, last).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_keep_the_mark_reads_without_it() {
    let db = TestDb::new().await;
    let role = format!("reader_{}", Uuid::now_v7().simple());
    let grants = format!(
        "create role {role}; grant usage on schema eventsourcing to {role};
         grant select on eventsourcing.events, eventsourcing.events_position to {role}"
    );
    let last = deposit(&db.store(), 1, 3).await;
    for grant in [grants, format!("grant select on eventsourcing.settled to {role}")] {
        raw_sql(AssertSqlSafe(grant)).execute(db.pool()).await.unwrap();
        let options = db.options().clone().options([("role", role.as_str())]);
        let store = PgStore::new(PgPoolOptions::new().connect_lazy_with(options));
        let mut subscription = from_start(&store).await;
        read_to(&mut subscription, last).await;
        assert!(matches!(patiently(subscription.next_delivery()).await.unwrap(), Delivery::CaughtUp));
        store.pool().close().await;
    }
    raw_sql(AssertSqlSafe(format!("drop owned by {role}; drop role {role}"))).execute(db.pool()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_waited_for_is_named() {
    fences::waits();
    let db = TestDb::new().await;
    let store = db.store();
    let mut subscription = from_start(&store).await;
    let name = format!("slow {}", Uuid::now_v7());
    let mut slow = db.connect().await;
    run(&mut slow, &format!("set application_name = '{name}'; begin")).await;
    deposit_in(&store, &mut slow, 1).await;
    deposit(&store, 2, 1).await;
    let waits = async {
        while !fences::waits().iter().any(|wait| wait.contains(&name)) {
            sleep(PAUSE).await;
        }
    };
    tokio::select! {
        event = subscription.next() => panic!("{event:?}"),
        () = patiently(waits) => {}
    }
    run(&mut slow, "rollback").await;
    assert_eq!(patiently(subscription.next()).await.unwrap().stream_id, account(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_falls_silent_is_given_up() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let options = PgOptions::new().answer_timeout(Duration::from_millis(500));
    let store = PgStore::connect_with(&proxy.url(), options).await.unwrap().with_poll_interval(PAUSE);
    let mut subscription = from_start(&store).await;
    for number in 1..=3 {
        let position = deposit(&db.store(), number, 1).await;
        assert_eq!(patiently(subscription.next()).await.unwrap().position, position);
        proxy.freeze();
    }
    let mut first = from_start(&store).await;
    assert_eq!(patiently(first.next()).await.unwrap().stream_id, account(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_on_a_silent_connection_listens_again() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let options = PgOptions::new().answer_timeout(Duration::from_millis(500));
    let store = PgStore::connect_with(&proxy.url(), options).await.unwrap();
    let listens = || proxy.take().iter().any(|trip| trip.sql.iter().any(|sql| sql.starts_with("LISTEN")));
    let _subscription = from_start(&store).await;
    for _ in 0..2 {
        patiently(async {
            while !listens() {
                sleep(PAUSE).await;
            }
        })
        .await;
        proxy.freeze();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_behind_the_log_is_an_error_that_can_be_mended() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(PAUSE);
    let last = deposit(&store, 1, 3).await;
    let mut subscription = from_start(&store).await;
    read_to(&mut subscription, last).await;
    let set = |position: i64| {
        let sql = format!("select setval('eventsourcing.events_position', {position})");
        raw_sql(AssertSqlSafe(sql)).execute(db.pool())
    };

    set(1).await.unwrap();
    let error = store_error(patiently(subscription.next()).await.unwrap_err());
    assert!(matches!(error, StoreError::SequenceBehind { position: 2, log: 3 }), "{error}");
    let fresh = db.store().all::<AccountEvent>().subscribe(After::Start).await.unwrap_err();
    assert!(matches!(store_error(fresh), StoreError::SequenceBehind { .. }));
    set(3).await.unwrap();
    let next = deposit(&store, 1, 1).await;
    loop {
        // It may have found the sequence behind once more.
        match patiently(subscription.next()).await {
            Ok(recorded) => break assert_eq!(recorded.position, next),
            Err(error) => assert!(matches!(store_error(error), StoreError::SequenceBehind { .. })),
        }
    }

    // An event behind a gap beyond the sequence.
    let sql = "insert into eventsourcing.events (position, version, event_id, schema_version, stream_id, tag, payload)
        values (100, 1, gen_random_uuid(), 1, 'account/9', 'account.deposited', '{\"cents\":1}')";
    let restore = format!(
        "begin; select setval('eventsourcing.events_position', 100); {sql};
         select setval('eventsourcing.events_position', 4); commit"
    );
    run(&mut db.connect().await, &restore).await;
    let error = store_error(patiently(subscription.next()).await.unwrap_err());
    assert!(matches!(error, StoreError::SequenceBehind { position: 5, log: 100 }), "{error}");
    set(100).await.unwrap();
    loop {
        match patiently(subscription.next()).await {
            Ok(recorded) => break assert_eq!(recorded.position.get(), 100),
            Err(error) => assert!(matches!(store_error(error), StoreError::SequenceBehind { .. })),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_position_there_is_ends_nothing() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(PAUSE);
    let mut live = from_start(&store).await;
    let mut tail = db.backend().tail().await.unwrap();
    raw_sql("select setval('eventsourcing.events_position', 9223372036854775806)").execute(db.pool()).await.unwrap();
    let last = deposit(&store, 1, 1).await;
    assert_eq!(last.get(), i64::MAX);
    assert_eq!(tail.read(None, 10).await.unwrap().settled, Some(last));
    assert!(tail.read(Some(last), 10).await.unwrap().events.is_empty());
    let mut late = from_start(&db.store()).await;
    let mut resumed = db.store().all::<AccountEvent>().subscribe(After::Position(last)).await.unwrap();
    for subscription in [&mut live, &mut late] {
        assert_eq!(patiently(subscription.next()).await.unwrap().position, last);
    }
    for subscription in [&mut live, &mut late, &mut resumed] {
        assert!(matches!(patiently(subscription.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    }
}

async fn maintain(db: &TestDb, sql: &str) {
    let sql = format!("begin; select eventsourcing.begin_maintenance(); {sql}; commit");
    raw_sql(AssertSqlSafe(sql)).execute(&mut db.connect().await).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_event_at_the_cursor_is_no_other_history() {
    let db = TestDb::new().await;
    let store = mortal_store(&db);
    let last = deposit(&db.store(), 1, 3).await;
    let mut live = from_start(&store).await;
    read_to(&mut live, last).await;
    maintain(&db, "delete from eventsourcing.events where position = 3").await;
    kill_others(&db).await;
    let mut stored = db.store().all::<AccountEvent>().subscribe(After::Position(last)).await.unwrap();
    let next = deposit(&db.store(), 2, 1).await;
    for subscription in [&mut live, &mut stored] {
        assert_eq!(patiently(subscription.next()).await.unwrap().position, next);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_event_at_the_cursor_is_another_history() {
    let db = TestDb::new().await;
    let store = mortal_store(&db);
    let last = deposit(&db.store(), 1, 3).await;
    let mut live = from_start(&store).await;
    read_to(&mut live, last).await;
    assert!(live.event_id().is_some());
    maintain(&db, "update eventsourcing.events set event_id = gen_random_uuid() where position = 3").await;
    kill_others(&db).await;
    let error = store_error(patiently(live.next()).await.unwrap_err());
    assert!(matches!(error, StoreError::CheckpointDiverged { checkpoint } if checkpoint == last), "{error}");
}

/// A table takes the place of the log while it is in use. Whoever writes to it from then on holds the lock of another
/// relation than before.
#[tokio::test(flavor = "multi_thread")]
async fn the_fence_follows_the_name_of_the_table() {
    let db = TestDb::new().await;
    let store = db.store();
    let last = deposit(&store, 1, 3).await;
    let mut subscription = from_start(&store).await;
    read_to(&mut subscription, last).await;
    let replace = "begin; set local search_path = eventsourcing;
        lock table events; alter table events rename to events_before;
        create table events (like events_before including all);
        insert into events select * from events_before; commit";
    run(&mut db.connect().await, replace).await;

    let mut slow = store.begin().await.unwrap();
    slow.stream(account(2)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    let behind = deposit(&store, 3, 1).await;
    assert!(
        tokio::time::timeout(Duration::from_millis(500), subscription.next()).await.is_err(),
        "it overtook a writer"
    );
    slow.commit().await.unwrap();
    assert_eq!(patiently(subscription.next()).await.unwrap().stream_id, account(2));
    assert_eq!(patiently(subscription.next()).await.unwrap().position, behind);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_subscription_leaves_its_connection_for_the_next() {
    let db = TestDb::new().await;
    let options = db.options().clone().application_name("lingers");
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options);
    let store = PgStore::with_options(pool, PgOptions::new().listen(false)).unwrap();
    let mut processes = Vec::new();
    for _ in 0..3 {
        drop(from_start(&store).await);
        let sql =
            "select pid from pg_stat_activity where datname = current_database() and application_name = 'lingers'";
        processes.extend(sqlx::query(sql).fetch_all(db.pool()).await.unwrap().iter().map(|row| row.get::<i32, _>(0)));
    }
    processes.dedup();
    assert_eq!(processes.len(), 1, "one connection was opened");
    let gone = "select count(*) = 0 from pg_stat_activity
        where datname = current_database() and application_name = 'lingers'";
    until(db.pool(), gone).await;

    drop(from_start(&store).await);
    drop(store);
    until(db.pool(), gone).await;
}

fn size<P: AsRef<[u8]>>(stored: &Stored<P>) -> usize {
    let Stored::Event(event) = stored else { panic!("{:?} is no event", stored.position()) };
    event.event.as_ref().len()
}

/// Pages are bounded before they are fetched, also where small events have led to expect many.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_about_four_mebibytes_or_one_event() {
    const MIB: usize = 1 << 20;
    let db = TestDb::new().await;
    let insert = |stream: &str, events: u32, payload: &str| {
        let sql = format!(
            "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
             select n, gen_random_uuid(), 1, 'account/{stream}', 'account.deposited', ({payload})::json
             from generate_series(1, {events}) n"
        );
        raw_sql(AssertSqlSafe(sql)).execute(db.pool())
    };
    insert("small", 100, "'{}'").await.unwrap();
    let random = |kib: u32| {
        format!(
            "select '\"' || string_agg(md5(n * 100000.0 + i || ''), '') || '\"' from generate_series(1, 32 * {kib}) i"
        )
    };
    insert("large", 24, &random(512)).await.unwrap();
    insert("oversized", 2, &random(6 * 1024)).await.unwrap();
    insert("compressible", 200, "'\"' || repeat('x', 1000000) || '\"'").await.unwrap();

    let mut tail = db.backend().tail().await.unwrap();
    let (mut after, mut pages, mut events) = (tail.settle().await.unwrap().and(None), 0, 0);
    loop {
        let page = tail.read(after, 2_000).await.unwrap();
        let bytes: usize = page.events.iter().map(size).sum();
        assert!(bytes <= 4 * MIB || page.events.len() == 1, "{} events of {bytes} bytes", page.events.len());
        if page.events.is_empty() {
            break assert!(!page.more);
        }
        (after, pages, events) = (page.settled, pages + 1, events + page.events.len());
    }
    assert_eq!(events, 326);
    assert!(pages < 120, "{pages} pages");
}
