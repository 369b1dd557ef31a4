//! Subscriptions: history, then live, over lost connections and slow consumers.

use std::time::Duration;

use eventsourcing::{
    After, Category, Delivery, ExpectedVersion, GlobalPosition, OnUndecodable, PgOptions, PgStore, Postgres, ReadError,
    Store, StoreError, StreamVersion, SubscriptionError, codec::DecodeError,
};
use futures_util::StreamExt;
use sqlx::{Connection, Row, raw_sql};

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    fences, patiently,
};

/// Polling would not find an event within the tests' patience.
const NEVER: Duration = Duration::from_hours(24);

async fn deposit(store: &PgStore, id: u32, count: usize) -> GlobalPosition {
    let appended = store.stream(account(id)).append(ExpectedVersion::Any, deposits(count)).await;
    appended.unwrap().position.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_when_it_has_caught_up_and_goes_on_live() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(NEVER);
    deposit(&store, 1, 3).await;
    let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    for number in 1..=3 {
        let Delivery::Event(recorded) = patiently(subscription.next_delivery()).await.unwrap() else {
            panic!("caught up before event {number}")
        };
        assert_eq!(recorded.version.get(), number);
    }
    assert!(matches!(patiently(subscription.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    let position = deposit(&store, 2, 1).await;
    let Delivery::Event(recorded) = patiently(subscription.next_delivery()).await.unwrap() else { panic!("news") };
    assert_eq!((recorded.position, subscription.position()), (position, Some(position)));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_begins_where_it_is_told_to() {
    let db = TestDb::new().await;
    let store = db.store();
    let middle = deposit(&store, 1, 2).await;
    let last = deposit(&store, 2, 1).await;
    let all = store.all::<AccountEvent>();
    let mut end = all.subscribe(After::End).await.unwrap();
    let mut after = all.subscribe(After::Position(middle)).await.unwrap();
    let next = deposit(&store, 3, 1).await;
    assert_eq!(patiently(end.next()).await.unwrap().position, next);
    assert_eq!(patiently(after.next()).await.unwrap().position, last);
    assert_eq!(patiently(after.next()).await.unwrap().position, next);

    let category = store.category::<AccountEvent>(Category::from_static("nobody"));
    let mut nobody = category.subscribe(After::Start).await.unwrap();
    assert!(matches!(patiently(nobody.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    assert_eq!(nobody.position(), Some(next), "it has moved over the events of others");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_stream_is_followed_from_any_version() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(NEVER);
    for _ in 0..3 {
        deposit(&store, 1, 2).await;
        deposit(&store, 2, 2).await;
    }
    let stream = store.stream::<AccountEvent>(account(1));
    let mut late = stream.subscribe(After::Position(StreamVersion::new(4).unwrap())).await.unwrap();
    let mut whole = stream.subscribe(After::Start).await.unwrap();
    let mut end = stream.subscribe(After::End).await.unwrap();
    deposit(&store, 2, 1).await;
    deposit(&store, 1, 1).await;
    for (subscription, versions) in [(&mut late, 5..=7), (&mut whole, 1..=7), (&mut end, 7..=7)] {
        for version in versions {
            let recorded = patiently(subscription.next()).await.unwrap();
            assert_eq!((recorded.version.get(), recorded.stream_id), (version, account(1)));
        }
    }
    let ahead = stream.subscribe(After::Position(StreamVersion::new(8).unwrap())).await;
    assert!(matches!(ahead, Err(SubscriptionError::VersionAhead { actual: Some(_), .. })), "{ahead:?}");
}

/// More than a store keeps in memory, in a stream of its own.
async fn fill_the_memory(db: &TestDb, store: &PgStore) {
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select n, gen_random_uuid(), 1, 'foreign/1', 'foreign.event', to_json(repeat('x', 1000000))
         from generate_series(1, 40) n",
    )
    .execute(db.pool())
    .await
    .unwrap();
    // Settles what has been committed.
    store.all::<AccountEvent>().subscribe(After::End).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_consumer_of_one_stream_sees_no_event_twice() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(NEVER);
    let stream = store.stream::<AccountEvent>(account(1));
    deposit(&store, 1, 3).await;
    let mut live = stream.subscribe(After::Start).await.unwrap();
    let mut end = stream.subscribe(After::End).await.unwrap();
    for version in 1..=3 {
        assert_eq!(patiently(live.next()).await.unwrap().version.get(), version);
    }
    deposit(&store, 1, 2).await;
    for version in 4..=5 {
        assert_eq!(patiently(live.next()).await.unwrap().version.get(), version);
    }
    fill_the_memory(&db, &store).await;
    deposit(&store, 1, 1).await;
    assert_eq!(patiently(live.next()).await.unwrap().version.get(), 6);
    for version in 4..=6 {
        assert_eq!(patiently(end.next()).await.unwrap().version.get(), version);
    }
}

/// An event waits for what stands before it, and not for what comes after it.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_does_not_wait_for_a_later_transaction() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(NEVER);
    let mut subscription = store.all::<AccountEvent>().subscribe(After::End).await.unwrap();
    let fences = fences::count();
    let (mut early, mut late) = (db.connect().await, db.connect().await);
    let mut transactions = Vec::new();
    for (id, connection) in [(1, &mut early), (2, &mut late)] {
        let mut transaction = connection.begin().await.unwrap();
        let mut inside = store.in_transaction(&mut transaction);
        inside.stream::<AccountEvent>(account(id)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
        transactions.push(transaction);
    }
    deposit(&store, 3, 1).await;
    patiently(async {
        while fences.get() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let late = transactions.pop().unwrap();
    transactions.pop().unwrap().commit().await.unwrap();
    assert_eq!(patiently(subscription.next()).await.unwrap().stream_id, account(1));
    late.commit().await.unwrap();
    for id in 2..=3 {
        assert_eq!(patiently(subscription.next()).await.unwrap().stream_id, account(id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_history_is_refused() {
    let db = TestDb::new().await;
    let store = db.store();
    let last = deposit(&store, 1, 1).await;
    let checkpoint = GlobalPosition::new(last.get() + 100).unwrap();
    let result = store.all::<AccountEvent>().subscribe(After::Position(checkpoint)).await;
    let Err(SubscriptionError::Store(StoreError::CheckpointAhead { checkpoint: refused, end })) = result else {
        panic!("{result:?}")
    };
    assert_eq!((refused, end), (checkpoint, Some(last)));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_another_process_are_announced() {
    let db = TestDb::new().await;
    let (here, there) = (db.store().with_poll_interval(NEVER), db.store().with_poll_interval(NEVER));
    let mut subscription = here.all::<AccountEvent>().subscribe(After::End).await.unwrap();
    assert!(matches!(patiently(subscription.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    // Its connection listens before it says so, hence again until the announcement is heard.
    for number in 1.. {
        deposit(&there, number, 1).await;
        if tokio::time::timeout(Duration::from_millis(500), subscription.next()).await.is_ok() {
            break;
        }
        assert!(number < 100, "no announcement has been heard");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_announcements_polling_finds_events() {
    let db = TestDb::new().await;
    let deaf: PgStore = Store::over(db.backend_with(PgOptions::new().listen(false)));
    let deaf = deaf.with_poll_interval(Duration::from_millis(10));
    let mut subscription = deaf.all::<AccountEvent>().subscribe(After::End).await.unwrap();
    let position = deposit(&db.store(), 1, 1).await;
    assert_eq!(patiently(subscription.next()).await.unwrap().position, position);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_the_store_did_not_see_is_found_after_wake() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(NEVER);
    let mut subscription = store.all::<AccountEvent>().subscribe(After::End).await.unwrap();
    assert!(matches!(patiently(subscription.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    let mut transaction = db.pool().begin().await.unwrap();
    let mut inside = store.in_transaction(&mut transaction);
    inside.stream(account(1)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    transaction.commit().await.unwrap();
    store.wake();
    assert_eq!(patiently(subscription.next()).await.unwrap().stream_id, account(1));
}

/// All sessions but this one are ended again and again while events are written.
#[tokio::test(flavor = "multi_thread")]
async fn killed_connections_leave_no_gap_and_no_duplicate() {
    const EVENTS: usize = 600;
    let db = TestDb::new().await;
    let store = db.store();
    let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    let subscriber = tokio::spawn(async move {
        let mut seen = Vec::new();
        while seen.len() < EVENTS {
            seen.push(subscription.next().await.unwrap().position);
        }
        seen
    });
    let mut executioner = db.connect().await;
    let mut killed = 0;
    for round in 0..EVENTS {
        // Another store's connections write, and are killed with the others.
        while db.store().stream(account(1)).append(ExpectedVersion::Any, deposits(1)).await.is_err() {}
        if round % 100 == 50 {
            let sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()";
            killed += sqlx::query(sql).fetch_one(&mut executioner).await.unwrap().get::<i64, _>(0);
        }
    }
    assert!(killed >= 12, "only {killed} sessions were there to be killed");
    let seen = patiently(subscriber).await.unwrap();
    let rows = sqlx::query("select position from eventsourcing.events order by position");
    let rows = rows.fetch_all(&mut executioner).await.unwrap();
    // An append whose answer was lost may be stored as well, so there may be more; the order is what counts.
    let log: Vec<_> = rows.iter().map(|row| GlobalPosition::new(row.get(0)).unwrap()).collect();
    assert_eq!(seen, log[..EVENTS]);
}

/// The ring in memory holds 16 MiB: a consumer that has fallen behind it reads from the database, and nobody waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_consumer_delays_nobody_and_misses_nothing() {
    let db = TestDb::new().await;
    let store: PgStore = Store::over(Postgres::new(db.pool().clone()));
    let all = store.all::<AccountEvent>();
    let mut slow = all.subscribe(After::Start).await.unwrap();
    let mut fast = all.subscribe(After::Start).await.unwrap();
    let mut last = None;
    for _ in 0..8 {
        last = Some(deposit(&store, 1, 10_000).await);
        while patiently(fast.next()).await.unwrap().position < last.unwrap() {}
    }
    for number in 1..=80_000 {
        assert_eq!(patiently(slow.next()).await.unwrap().version.get(), number);
    }
    assert_eq!(slow.position(), last);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecodable_event_stops_or_is_skipped_as_told() {
    let db = TestDb::new().await;
    let store = db.store();
    deposit(&store, 1, 1).await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         values (2, gen_random_uuid(), 1, 'account/1', 'account.deposited', '{\"cents\":true}')",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let last = deposit(&store, 1, 1).await;
    let all = store.all::<AccountEvent>();

    let mut stops = all.subscribe(After::Start).await.unwrap();
    patiently(stops.next()).await.unwrap();
    let error = patiently(stops.next()).await.unwrap_err();
    let SubscriptionError::Read(ReadError::Decode { version, source, .. }) = &error else { panic!("{error}") };
    assert_eq!(version.get(), 2);
    assert!(error.to_string().contains("account/1"), "{error}");
    let DecodeError::Payload { source, .. } = source else { panic!("{source}") };
    assert_eq!(source.path, ".cents");
    assert_eq!(patiently(stops.next()).await.unwrap().position, last, "asked again, it goes on");

    let mut skips = all.subscribe(After::Start).await.unwrap().on_undecodable(OnUndecodable::Skip);
    patiently(skips.next()).await.unwrap();
    assert_eq!(patiently(skips.next()).await.unwrap().position, last);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_a_futures_stream_as_well() {
    let db = TestDb::new().await;
    let store = db.store();
    deposit(&store, 1, 5).await;
    let subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    let versions: Vec<_> =
        patiently(subscription.into_stream().take(5).map(|event| event.unwrap().version.get()).collect::<Vec<_>>())
            .await;
    assert_eq!(versions, [1, 2, 3, 4, 5]);
}

/// The task of the subscriptions lives in the runtime that first subscribed; others start it anew when that is gone.
#[test]
fn subscriptions_outlive_the_runtime_that_began_them() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let outer = runtime();
    let (db, store) = outer.block_on(async {
        let db = TestDb::new().await;
        let store = db.store();
        (db, store)
    });
    let inner = runtime();
    let mut subscription = inner.block_on(store.all::<AccountEvent>().subscribe(After::Start)).unwrap();
    inner.shutdown_background();
    outer.block_on(async {
        let position = deposit(&store, 1, 1).await;
        assert_eq!(patiently(subscription.next()).await.unwrap().position, position);
        drop(db);
    });
}

/// A transaction that holds the writer's lock without an event behind it holds back nothing of what is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_without_a_visible_successor_delays_nobody() {
    let db = TestDb::new().await;
    let store = db.store();
    deposit(&store, 1, 1).await;
    let all = store.all::<AccountEvent>();
    let mut first = all.subscribe(After::Start).await.unwrap();
    patiently(first.next()).await.unwrap();
    let mut open = store.begin().await.unwrap();
    let refused = open.stream(account(1)).append(ExpectedVersion::NoStream, deposits(1)).await;
    assert!(refused.is_err(), "a conflict draws no position, and holds the lock");

    let mut end = patiently(all.subscribe(After::End)).await.unwrap();
    let mut start = patiently(all.subscribe(After::Start)).await.unwrap();
    patiently(start.next()).await.unwrap();
    assert!(matches!(patiently(start.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    let position = deposit(&store, 2, 1).await;
    for subscription in [&mut first, &mut end, &mut start] {
        assert_eq!(patiently(subscription.next()).await.unwrap().position, position);
    }
    open.rollback().await.unwrap();
}
