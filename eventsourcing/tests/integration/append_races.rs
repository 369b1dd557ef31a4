//! G1 and G2 where appends meet each other, and inside the caller's own transactions.

use std::collections::BTreeMap;

use eventsourcing::{
    ExpectedVersion::{self, Any, NoStream},
    Postgres,
    port::{Append, AppendError, Appends, StoreError, VersionConflict, Via},
    testing::ClusterOptions,
};
use proptest::{
    prelude::RngExt,
    test_runner::{RngAlgorithm, TestRng},
};
use sqlx::{Connection, PgConnection, Row, postgres::PgPoolOptions, raw_sql};
use tokio::task::JoinSet;

use crate::support::{
    TestDb, patiently,
    port::{append, event, exact, id, length, read, run, run_in},
};

fn random(seed: u8) -> TestRng {
    TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32])
}

/// The conflict that the result is.
fn conflict<T: std::fmt::Debug>(result: Result<T, AppendError>) -> VersionConflict {
    match result {
        Err(AppendError::Conflict(conflict)) => conflict,
        other => panic!("not a conflict: {other:?}"),
    }
}

/// Appends of 1 to 5 events to one stream, each after the last version its writer knows of; how many events it stored.
async fn race(store: Postgres, writer: u8) -> usize {
    let mut random = random(writer);
    let (mut expected, mut stored) = (NoStream, 0);
    for round in 0..60 {
        let count = random.random_range(1..=5);
        let events = (1..=count).map(|n| event("raced", &format!("\"{writer} {round} {n} {count}\"")));
        let append = Append::new(id("race/1"), expected, events.collect());
        match run(&store, &append).await {
            Ok(appended) => {
                stored += count;
                expected = ExpectedVersion::from(appended.version);
            }
            Err(AppendError::Conflict(conflict)) => {
                assert!(!expected.admits(conflict.actual), "a conflict with what was expected: {conflict}");
                expected = ExpectedVersion::from(conflict.actual);
            }
            Err(error) => panic!("{error}"),
        }
    }
    stored
}

#[tokio::test(flavor = "multi_thread")]
async fn racing_appends_are_stored_whole_and_their_conflicts_are_true() {
    let db = TestDb::new().await;
    let mut writers = JoinSet::new();
    for writer in 0..32 {
        writers.spawn(race(db.backend(), writer));
    }
    let stored: usize = writers.join_all().await.into_iter().sum();
    assert_eq!(length(&db.backend(), "race/1").await, stored);

    // Each event says which of its append's events it is, and how many there are.
    let mut next = None;
    for event in read(&db.backend(), "race/1").await {
        let text: String = serde_json::from_slice(event.event.as_ref()).unwrap();
        let (append, place) =
            text.rsplit_once(' ').and_then(|(rest, count)| Some((rest.rsplit_once(' ')?, count))).unwrap();
        let (n, count): (usize, usize) = (append.1.parse().unwrap(), place.parse().unwrap());
        assert_eq!((append.0.to_owned(), n), next.take().unwrap_or((append.0.to_owned(), 1)), "an append in parts");
        next = (n < count).then(|| (append.0.to_owned(), n + 1));
    }
    assert_eq!(next, None);
}

/// In whatever order each of them names its streams.
#[tokio::test(flavor = "multi_thread")]
async fn groups_over_the_same_streams_all_succeed() {
    let db = TestDb::new().await;
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let store = db.backend();
        writers.spawn(async move {
            let mut random = random(writer);
            for _ in 0..25 {
                let mut appends: Vec<_> = (0..12).map(|stream| append(&format!("group/{stream}"), Any, 2)).collect();
                for place in (1..appends.len()).rev() {
                    appends.swap(place, random.random_range(0..=place));
                }
                let results = store.append(Via::Store, &appends).await.unwrap();
                assert!(results.iter().all(Result::is_ok), "{results:?}");
            }
        });
    }
    writers.join_all().await;
    for stream in 0..12 {
        assert_eq!(length(&db.backend(), &format!("group/{stream}")).await, 8 * 25 * 2);
    }
}

async fn business_rows(db: &TestDb) -> i64 {
    sqlx::query("select count(*) from business").fetch_one(db.pool()).await.unwrap().get(0)
}

/// A database with a table of the caller's own.
async fn with_business() -> TestDb {
    let db = TestDb::new().await;
    raw_sql("create table business (n int)").execute(db.pool()).await.unwrap();
    db
}

async fn do_business(connection: &mut PgConnection) {
    raw_sql("insert into business values (1)").execute(connection).await.unwrap();
}

/// A conflict that the statement sees at once, and one that it loses to a transaction that commits meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_conflict_the_callers_transaction_goes_on() {
    let db = with_business().await;
    let store = db.backend();
    run(&store, &append("account/1", NoStream, 1)).await.unwrap();

    let mut winner = db.connect().await;
    let mut winning = winner.begin().await.unwrap();
    run_in(&store, &mut winning, &append("account/2", NoStream, 2)).await.unwrap();

    let mut transaction = db.pool().begin().await.unwrap();
    do_business(&mut transaction).await;
    let stale = conflict(run_in(&store, &mut transaction, &append("account/1", NoStream, 1)).await);
    assert_eq!(stale.actual.map(Into::into), Some(exact(1)));
    let (loses, losing) = (store.clone(), append("account/2", NoStream, 1));
    let lost = tokio::spawn(async move {
        let result = run_in(&loses, &mut transaction, &losing).await;
        (result, transaction)
    });
    db.until_blocked(1).await;
    winning.commit().await.unwrap();
    let (result, mut transaction) = patiently(lost).await.unwrap();
    assert_eq!(conflict(result).actual.map(Into::into), Some(exact(2)));

    do_business(&mut transaction).await;
    run_in(&store, &mut transaction, &append("account/3", NoStream, 3)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(business_rows(&db).await, 2);
    assert_eq!(length(&store, "account/2").await, 2);
    assert_eq!(length(&store, "account/3").await, 3);
}

/// `Any` has nothing to conflict with: it waits for the other transaction and goes behind it.
#[tokio::test(flavor = "multi_thread")]
async fn an_append_at_any_version_goes_behind_the_one_it_lost_to() {
    let db = TestDb::new().await;
    let store = db.backend();
    let mut transaction = db.pool().begin().await.unwrap();
    run_in(&store, &mut transaction, &append("account/1", NoStream, 2)).await.unwrap();
    let waits = store.clone();
    let behind = tokio::spawn(async move { run(&waits, &append("account/1", Any, 2)).await });
    db.until_blocked(1).await;
    transaction.commit().await.unwrap();
    let appended = patiently(behind).await.unwrap().unwrap();
    assert_eq!(appended.version.map(Into::into), Some(exact(4)));
    assert_eq!(length(&store, "account/1").await, 4);
}

/// The winner takes its events back, so the other one has not lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_winner_lets_the_other_win() {
    let db = TestDb::new().await;
    let store = db.backend();
    let mut transaction = db.pool().begin().await.unwrap();
    run_in(&store, &mut transaction, &append("account/1", NoStream, 2)).await.unwrap();
    let waits = store.clone();
    let other = tokio::spawn(async move { run(&waits, &append("account/1", NoStream, 3)).await });
    db.until_blocked(1).await;
    transaction.rollback().await.unwrap();
    patiently(other).await.unwrap().unwrap();
    assert_eq!(length(&store, "account/1").await, 3);
}

#[tokio::test]
async fn a_savepoint_takes_back_its_own_events_only() {
    let db = with_business().await;
    let store = db.backend();
    let mut transaction = db.pool().begin().await.unwrap();
    run_in(&store, &mut transaction, &append("account/1", NoStream, 2)).await.unwrap();
    let mut savepoint = transaction.begin().await.unwrap();
    run_in(&store, &mut savepoint, &append("account/1", exact(2), 3)).await.unwrap();
    conflict(run_in(&store, &mut savepoint, &append("account/1", exact(2), 3)).await);
    do_business(&mut savepoint).await;
    savepoint.rollback().await.unwrap();
    run_in(&store, &mut transaction, &append("account/1", exact(2), 1)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(length(&store, "account/1").await, 3);
    assert_eq!(business_rows(&db).await, 0);
}

async fn begin(connection: &mut PgConnection, level: &'static str) {
    raw_sql(match level {
        "repeatable read" => "begin isolation level repeatable read; select 1 from eventsourcing.events",
        _ => "begin isolation level serializable; select 1 from eventsourcing.events",
    })
    .execute(connection)
    .await
    .unwrap();
}

/// A transaction with a snapshot of its own cannot see what it lost to: Postgres ends it, and the error says to run it again.
#[tokio::test]
async fn a_transaction_with_an_older_snapshot_is_to_be_run_again() {
    for level in ["repeatable read", "serializable"] {
        let db = TestDb::new().await;
        let store = db.backend();
        let mut connection = db.connect().await;
        begin(&mut connection, level).await;
        run(&store, &append("account/1", NoStream, 2)).await.unwrap();
        let error = run_in(&store, &mut connection, &append("account/1", NoStream, 1)).await.unwrap_err();
        let AppendError::Store(error) = error else { panic!("{level}: {error}") };
        assert!(matches!(error, StoreError::Serialization { .. }) && error.is_retriable(), "{level}: {error}");
        raw_sql("rollback").execute(&mut connection).await.unwrap();

        begin(&mut connection, level).await;
        let seen = conflict(run_in(&store, &mut connection, &append("account/1", NoStream, 1)).await);
        assert_eq!(seen.actual.map(Into::into), Some(exact(2)), "{level}");
        run_in(&store, &mut connection, &append("account/1", exact(2), 1)).await.unwrap();
        raw_sql("commit").execute(&mut connection).await.unwrap();
        assert_eq!(length(&store, "account/1").await, 3, "{level}");
    }
}

/// The role or the database may say so; the store's own appends are one statement each and do not care.
#[tokio::test(flavor = "multi_thread")]
async fn the_stores_own_losers_conflict_whatever_the_default_isolation() {
    let db = TestDb::new().await;
    for isolation in ["repeatable read", "serializable"] {
        let options = db.options().clone().options([("default_transaction_isolation", isolation)]);
        let pool = PgPoolOptions::new().max_connections(8).connect_with(options).await.unwrap();
        let shown = sqlx::query("show transaction_isolation").fetch_one(&pool).await.unwrap();
        assert_eq!(shown.get::<String, _>(0), isolation);
        let store = Postgres::new(pool);
        for round in 0..30 {
            let stream = id(&format!("race/{isolation}-{round}"));
            let mut racers = JoinSet::new();
            for _ in 0..8 {
                let events = vec![event("raced", "1"), event("raced", "2")];
                let append = Append::new(stream.clone(), NoStream, events);
                let store = store.clone();
                racers.spawn(async move { run(&store, &append).await });
            }
            let (won, lost): (Vec<_>, Vec<_>) = racers.join_all().await.into_iter().partition(Result::is_ok);
            assert_eq!(won.len(), 1, "{isolation}");
            for result in lost {
                conflict(result);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_of_callers_is_to_be_run_again() {
    let db = TestDb::new().await;
    let store = db.backend();
    let mut one = db.pool().begin().await.unwrap();
    let mut other = db.pool().begin().await.unwrap();
    run_in(&store, &mut one, &append("account/1", NoStream, 1)).await.unwrap();
    run_in(&store, &mut other, &append("account/2", NoStream, 1)).await.unwrap();
    let (first, second) = (append("account/2", Any, 1), append("account/1", Any, 1));
    let ours = async {
        let result = run_in(&store, &mut one, &first).await;
        one.rollback().await.unwrap();
        result
    };
    let theirs = async {
        let result = run_in(&store, &mut other, &second).await;
        other.rollback().await.unwrap();
        result
    };
    let (ours, theirs) = patiently(async { tokio::join!(ours, theirs) }).await;
    let errors: Vec<AppendError> = [ours, theirs].into_iter().filter_map(Result::err).collect();
    assert!(matches!(&errors[..], [AppendError::Store(StoreError::Serialization { .. })]), "{errors:?}");
}

#[tokio::test]
async fn a_callers_transaction_without_durable_commit_is_refused() {
    let db = with_business().await;
    let store = db.backend();
    let mut transaction = db.pool().begin().await.unwrap();
    raw_sql("set local synchronous_commit = off").execute(&mut *transaction).await.unwrap();
    for append in [append("account/1", NoStream, 2), append("account/1", NoStream, 0)] {
        let error = run_in(&store, &mut transaction, &append).await.unwrap_err();
        assert!(matches!(error, AppendError::Store(StoreError::SynchronousCommitOff)), "{error}");
    }
    do_business(&mut transaction).await;
    raw_sql("set local synchronous_commit = local").execute(&mut *transaction).await.unwrap();
    run_in(&store, &mut transaction, &append("account/1", NoStream, 1)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!((length(&store, "account/1").await, business_rows(&db).await), (1, 1));
}

/// The store's own appends are flushed whatever the database's default is, and leave that default alone.
#[tokio::test]
async fn the_stores_own_appends_survive_a_crash_whatever_the_default() {
    // A server that writes nothing to disk by itself, so that a crash loses what was not flushed.
    let cluster = ClusterOptions::new()
        .durable()
        .setting("wal_writer_delay", "10s")
        .setting("wal_writer_flush_after", "1GB")
        .setting("synchronous_commit", "off")
        .start()
        .unwrap();
    let db = TestDb::on(&cluster).await;
    let store = db.backend();
    let mut connection = store.pool().acquire().await.unwrap();
    raw_sql("create table business (n int); checkpoint").execute(&mut *connection).await.unwrap();
    drop(connection);
    let mut stored = BTreeMap::new();
    for stream in 0..5 {
        let name = format!("account/{stream}");
        stored.insert(name.clone(), run(&store, &append(&name, NoStream, 3)).await.unwrap());
    }
    let setting: String = sqlx::query("show synchronous_commit").fetch_one(db.pool()).await.unwrap().get(0);
    assert_eq!(setting, "off");
    do_business(&mut db.connect().await).await;
    cluster.stop_immediate().unwrap();
    cluster.restart().unwrap();

    let store = Postgres::connect(&db.url(), eventsourcing::PgOptions::new()).await.unwrap();
    for name in stored.keys() {
        assert_eq!(length(&store, name).await, 3);
    }
    let rows = sqlx::query("select from business").fetch_all(store.pool()).await.unwrap();
    assert!(rows.is_empty(), "the crash lost nothing, so this run has shown nothing");
}
