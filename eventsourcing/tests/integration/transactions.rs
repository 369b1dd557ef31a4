//! G10: `Ok` from a commit means that it is committed, also where a statement of the transaction has failed before.

use std::{future, task::Poll};

use eventsourcing::{
    Event,
    ExpectedVersion::{self, Any},
    StoreError,
    port::AppendError,
};
use sqlx::{Connection, PgConnection, Row, raw_sql};

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    patiently,
    port::{id, length},
};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "counted", unlocked)]
enum Counted {
    Up,
}

/// A statement that fails, as a unique violation does that the application expects.
async fn fail(connection: &mut PgConnection) {
    raw_sql("select 1/0").execute(connection).await.unwrap_err();
}

#[tokio::test]
async fn a_transaction_with_a_failed_statement_does_not_commit() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut transaction = store.begin().await.unwrap();
    transaction.stream::<Counted>(id("counter/1")).append(Any, [Counted::Up]).await.unwrap();
    fail(transaction.connection()).await;
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error, StoreError::TransactionAborted), "{error:?}");
    assert!(!error.is_retriable());
    assert_eq!(length(store.backend(), "counter/1").await, 0);
    store.stream::<Counted>(id("counter/1")).append(Any, [Counted::Up]).await.unwrap();
}

/// Back at a savepoint from before the failure, the transaction is fine again.
#[tokio::test]
async fn a_failure_behind_a_savepoint_is_no_hindrance() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut transaction = store.begin().await.unwrap();
    transaction.stream::<Counted>(id("counter/1")).append(Any, [Counted::Up]).await.unwrap();
    let mut savepoint = transaction.connection().begin().await.unwrap();
    fail(&mut savepoint).await;
    savepoint.rollback().await.unwrap();
    transaction.stream::<Counted>(id("counter/1")).append(Any, [Counted::Up]).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(length(store.backend(), "counter/1").await, 2);
}

#[tokio::test]
async fn a_transaction_that_somebody_has_ended_does_not_commit() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut transaction = store.begin().await.unwrap();
    raw_sql("rollback").execute(transaction.connection()).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error, StoreError::TransactionEnded), "{error:?}");
}

/// The driver's own commit would say `Ok`, so the append says that it is in vain.
#[tokio::test]
async fn nothing_is_appended_in_a_transaction_of_the_callers_that_is_aborted() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut transaction = db.pool().begin().await.unwrap();
    fail(&mut transaction).await;
    let mut inside = store.in_transaction(&mut transaction);
    let error = inside.stream::<Counted>(id("counter/1")).append(Any, [Counted::Up]).await.unwrap_err();
    assert!(matches!(error, AppendError::Store(StoreError::TransactionAborted)), "{error:?}");
    transaction.commit().await.unwrap();
    assert_eq!(length(store.backend(), "counter/1").await, 0);
}

/// A constraint that is checked at the end makes the commit itself fail.
#[tokio::test]
async fn a_commit_that_fails_says_why() {
    let db = TestDb::new().await;
    raw_sql("create table unique_at_the_end (n int unique deferrable initially deferred)")
        .execute(db.pool())
        .await
        .unwrap();
    let store = db.store();
    let mut transaction = store.begin().await.unwrap();
    transaction.stream::<Counted>(id("counter/1")).append(Any, [Counted::Up]).await.unwrap();
    raw_sql("insert into unique_at_the_end values (1), (1)").execute(transaction.connection()).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    assert_eq!(length(store.backend(), "counter/1").await, 0);
}

/// After a commit or a rollback, the connection goes back without a transaction on it, and without a word in the server's log.
#[tokio::test]
async fn a_connection_comes_back_outside_of_any_transaction() {
    let db = TestDb::new().await;
    let store = db.store();
    for commits in [true, false] {
        let mut transaction = store.begin().await.unwrap();
        let row = sqlx::query("select pg_backend_pid()").fetch_one(transaction.connection()).await.unwrap();
        let pid: i32 = row.get(0);
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        let state = "select state from pg_stat_activity where pid = $1";
        crate::support::patiently(async {
            while sqlx::query(state).bind(pid).fetch_one(db.pool()).await.unwrap().get::<String, _>(0)
                == "idle in transaction"
            {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_of_the_log_waits_for_appends_in_flight_and_so_can_be_resumed() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut open = store.begin().await.unwrap();
    open.stream(account(1)).append(ExpectedVersion::NoStream, deposits(1)).await.unwrap();
    store.stream(account(2)).append(ExpectedVersion::NoStream, deposits(1)).await.unwrap();

    let mut events = store.all::<AccountEvent>().read();
    let mut first = Box::pin(events.next());
    // The read has begun, and must not show the second event while the first may still come.
    assert!(future::poll_fn(|context| Poll::Ready(first.as_mut().poll(context).is_pending())).await);
    open.commit().await.unwrap();
    let mut streams = vec![patiently(first).await.unwrap().unwrap().stream_id];
    streams.push(events.next().await.unwrap().unwrap().stream_id);
    assert_eq!(streams, [account(1), account(2)]);
}
