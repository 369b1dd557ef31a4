//! A sequence that is behind the log, as a restore by hand leaves it: an append must not go where readers have been.

use eventsourcing::{
    AppendError,
    ExpectedVersion::{Any, NoStream},
    Postgres, StoreError,
};
use sqlx::{AssertSqlSafe, raw_sql};

use crate::support::{
    TestDb,
    port::{append, length, run, run_in},
};

/// The values that the error names.
fn behind<T: std::fmt::Debug>(result: Result<T, AppendError>) -> (i64, i64) {
    match result {
        Err(AppendError::Store(StoreError::SequenceBehind { position, log })) => (position, log),
        other => panic!("not refused: {other:?}"),
    }
}

async fn execute(db: &TestDb, sql: &str) {
    raw_sql(AssertSqlSafe(sql.to_owned())).execute(db.pool()).await.unwrap();
}

async fn set_sequence(db: &TestDb, at: i64) {
    execute(db, &format!("select setval('eventsourcing.events_position', {at})")).await;
}

/// A log whose last event, of `a/1`, is at 100,001, and the store that has appended it.
async fn at_100_001() -> (TestDb, Postgres) {
    let db = TestDb::new().await;
    set_sequence(&db, 100_000).await;
    let store = db.backend();
    run(&store, &append("a/1", NoStream, 1)).await.unwrap();
    (db, store)
}

/// Also in a process that has only just started, and for each kind of append.
#[tokio::test]
async fn an_append_notices_that_its_position_is_behind_the_log() {
    let (db, store) = at_100_001().await;
    for (n, store) in [store, db.backend(), db.backend()].iter().enumerate() {
        set_sequence(&db, 1).await;
        assert_eq!(behind(run(store, &append("a/1", Any, 3)).await).1, 100_001);
        assert_eq!(behind(run(store, &append(&format!("b/{n}"), NoStream, 1)).await).1, 100_001);
        let mut transaction = db.pool().begin().await.unwrap();
        assert_eq!(behind(run_in(store, &mut transaction, &append("a/1", Any, 1)).await).1, 100_001);
        transaction.rollback().await.unwrap();
    }
    assert_eq!((length(&db.backend(), "a/1").await, length(&db.backend(), "b/0").await), (1, 0));
}

/// The primary key says so. The store's own append goes on with the next position when that is a free one; the caller's
/// transaction is over.
#[tokio::test]
async fn a_position_that_is_taken_is_refused_or_passed_over() {
    let (db, store) = at_100_001().await;
    run(&store, &append("a/1", Any, 2)).await.unwrap();
    for (n, store) in [store, db.backend()].iter().enumerate() {
        set_sequence(&db, 100_000).await;
        assert_eq!(behind(run(store, &append("b/1", NoStream, 2)).await), (100_002, 100_002));
        set_sequence(&db, 100_000).await;
        let mut transaction = db.pool().begin().await.unwrap();
        assert_eq!(behind(run_in(store, &mut transaction, &append("b/1", NoStream, 2)).await), (100_001, 100_001));
        transaction.rollback().await.unwrap();

        let last = 100_003 + i64::try_from(n).unwrap();
        set_sequence(&db, last - 1).await;
        let next = run(store, &append(&format!("c/{n}"), NoStream, 1)).await.unwrap();
        assert_eq!(next.position.unwrap().get(), last + 1);
    }
}

#[tokio::test]
async fn repair_sets_the_sequence_to_the_end_of_the_log() {
    let (db, store) = at_100_001().await;
    store.repair().await.unwrap();
    let next = run(&store, &append("a/1", Any, 1)).await.unwrap();
    assert_eq!(next.position.unwrap().get(), 100_002, "there was nothing to repair");
    set_sequence(&db, 7).await;
    let error = store.verify().await.unwrap_err();
    assert!(error.to_string().contains("`repair()`"), "{error}");
    behind(run(&store, &append("a/1", Any, 1)).await);
    store.repair().await.unwrap();
    store.verify().await.unwrap();
    let next = run(&store, &append("a/1", Any, 1)).await.unwrap();
    assert_eq!(next.position.unwrap().get(), 100_003);
}

/// A database that has failed over may have lost its latest events for good: what a process remembers of them is no reason
/// to refuse what follows.
#[tokio::test]
async fn a_log_that_was_set_back_goes_on() {
    let (db, store) = at_100_001().await;
    execute(
        &db,
        "begin; select eventsourcing.begin_maintenance(); delete from eventsourcing.events; commit;
         select setval('eventsourcing.events_position', 7)",
    )
    .await;
    let appended = run(&store, &append("a/1", NoStream, 1)).await.unwrap();
    assert!((8..=9).contains(&appended.position.unwrap().get()), "{appended:?}");
    let mut transaction = db.pool().begin().await.unwrap();
    run_in(&store, &mut transaction, &append("a/1", Any, 1)).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn the_end_of_all_positions_is_a_typed_error() {
    let (db, store) = at_100_001().await;
    set_sequence(&db, i64::MAX - 1).await;
    let last = run(&store, &append("a/1", Any, 1)).await.unwrap();
    assert_eq!(last.position.unwrap().get(), i64::MAX);
    for store in [&store, &db.backend()] {
        let result = run(store, &append("a/1", Any, 1)).await;
        assert!(matches!(result, Err(AppendError::Store(StoreError::Unfit { .. }))), "{result:?}");
    }
    assert_eq!(length(&store, "a/1").await, 2);
}
