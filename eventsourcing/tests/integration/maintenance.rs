//! Erasing under maintenance: nothing that was folded from what is gone comes back.

use eventsourcing::{
    ExpectedVersion::{Any, NoStream},
    PgStore, StreamVersion,
    port::Administration,
};
use sqlx::{AssertSqlSafe, raw_sql};

use crate::support::{
    TestDb,
    account::{Account, AccountEvent, Cached, account, deposits},
    patiently,
    port::read,
};

async fn execute(db: &TestDb, sql: &str) {
    raw_sql(AssertSqlSafe(sql.to_owned())).execute(db.pool()).await.unwrap();
}

async fn maintain(db: &TestDb, sql: &str) {
    execute(db, &format!("begin; select eventsourcing.begin_maintenance(); {sql}; commit")).await;
}

/// Saves deposits of one cent, and waits for the snapshot of them.
async fn deposit(db: &TestDb, store: &PgStore, id: u32, count: usize) {
    let accounts = store.repository::<Cached>();
    let mut root = accounts.load(&id).await.unwrap();
    for event in deposits(count) {
        root.record(event);
    }
    accounts.save(&mut root).await.unwrap();
    db.until_snapshot(account(id), root.version().unwrap().get()).await;
}

/// What a load comes to: the version, the state, and how many events were read for it.
async fn load(store: &PgStore, id: u32) -> (Option<i64>, i64, i64) {
    let root = store.repository::<Cached>().load(&id).await.unwrap();
    (root.version().map(StreamVersion::get), root.cents, root.applied)
}

#[tokio::test]
async fn an_erased_stream_leaves_no_snapshot() {
    let db = TestDb::new().await;
    let store = db.store();
    for id in [1, 2] {
        deposit(&db, &store, id, 20).await;
    }
    maintain(&db, "delete from eventsourcing.events where stream_id = 'account/1'").await;
    assert_eq!((db.snapshot(&account(1)).await, db.snapshot(&account(2)).await), (None, Some(20)));
    assert!(store.repository::<Cached>().find(&1).await.unwrap().is_none());
    deposit(&db, &store, 1, 12).await;
    assert_eq!((load(&store, 1).await, load(&store, 2).await), ((Some(12), 12, 0), (Some(20), 20, 0)));
}

#[tokio::test]
async fn an_erased_payload_leaves_no_snapshot() {
    let db = TestDb::new().await;
    let store = db.store();
    for id in [1, 2] {
        deposit(&db, &store, id, 20).await;
    }
    let erase =
        "update eventsourcing.events set payload = '{\"cents\":0}' where stream_id = 'account/1' and version = 3";
    maintain(&db, erase).await;
    assert_eq!((db.snapshot(&account(1)).await, db.snapshot(&account(2)).await), (None, Some(20)));
    assert_eq!(load(&store, 1).await, (Some(20), 19, 20));
    maintain(&db, "truncate eventsourcing.events").await;
    assert_eq!(db.snapshot(&account(2)).await, None);
}

/// Tables that were restored from different moments.
#[tokio::test]
async fn a_snapshot_ahead_of_the_log_is_not_believed_and_heals() {
    let db = TestDb::new().await;
    let store = db.store();
    deposit(&db, &store, 1, 20).await;
    execute(&db, "create table kept as select * from eventsourcing.snapshots").await;
    maintain(&db, "delete from eventsourcing.events where version > 4").await;
    execute(&db, "insert into eventsourcing.snapshots select * from kept").await;
    assert_eq!(load(&store, 1).await, (Some(4), 4, 4));
    deposit(&db, &store, 1, 10).await;
    assert_eq!(load(&store, 1).await, (Some(14), 14, 0), "the newer snapshot has taken its place");
}

/// At the version of the snapshot stands an event, but another one.
#[tokio::test]
async fn a_snapshot_of_other_events_is_not_believed_and_heals() {
    let db = TestDb::new().await;
    let store = db.store();
    deposit(&db, &store, 1, 20).await;
    execute(&db, "create table kept as select * from eventsourcing.snapshots").await;
    maintain(&db, "delete from eventsourcing.events").await;
    store.stream::<AccountEvent>(account(1)).append(Any, vec![AccountEvent::Deposited { cents: 7 }; 20]).await.unwrap();
    execute(&db, "insert into eventsourcing.snapshots select * from kept").await;
    assert_eq!(load(&store, 1).await, (Some(20), 140, 20));
    deposit(&db, &store, 1, 10).await;
    assert_eq!(load(&store, 1).await, (Some(30), 150, 0));
}

/// A release before this one stored them without the id of their event.
#[tokio::test]
async fn a_snapshot_of_an_older_release_is_used() {
    let db = TestDb::new().await;
    let store = db.store();
    deposit(&db, &store, 1, 20).await;
    execute(&db, "update eventsourcing.snapshots set event_id = null").await;
    assert_eq!(load(&store, 1).await, (Some(20), 20, 0));
    execute(&db, "update eventsourcing.snapshots set version = 21").await;
    assert_eq!(load(&store, 1).await, (Some(20), 20, 20));
}

/// The answer to a save is not held up by what is only a shortcut.
#[tokio::test(flavor = "multi_thread")]
async fn a_save_answers_before_its_snapshot() {
    let db = TestDb::new().await;
    let store = db.store();
    let accounts = store.repository::<Cached>();
    let mut root = accounts.load(&1).await.unwrap();
    for event in deposits(20) {
        root.record(event);
    }
    let mut locked = db.pool().begin().await.unwrap();
    raw_sql("lock table eventsourcing.snapshots in exclusive mode").execute(&mut *locked).await.unwrap();
    patiently(accounts.save(&mut root)).await.unwrap();
    assert_eq!(store.repository::<Account>().load(&1).await.unwrap().events, 20);
    locked.rollback().await.unwrap();
    db.until_snapshot(account(1), 20).await;
}

/// The blocks of SQL of the page, in its order.
fn page() -> Vec<&'static str> {
    let parts = include_str!("../../docs/maintenance.md").split("```").skip(1).step_by(2);
    parts.map(|block| block.strip_prefix("sql\n").expect("a block of SQL")).collect()
}

#[tokio::test]
async fn what_the_page_says_is_true() {
    let db = TestDb::new().await;
    let store = db.store();
    for id in [1, 2] {
        deposit(&db, &store, id, 20).await;
    }
    let [erase, change, rename, forget, vacuum] = page()[..] else { panic!("other blocks than this test knows") };

    execute(&db, erase).await;
    assert!(store.repository::<Cached>().find(&1).await.unwrap().is_none());
    let again = store.stream::<AccountEvent>(account(1)).append(NoStream, deposits(2)).await.unwrap();
    assert_eq!(again.version, Some(StreamVersion::new(2).unwrap()));

    execute(&db, change).await;
    assert_eq!((load(&store, 2).await, db.snapshot(&account(2)).await), ((Some(20), 19, 20), None));
    deposit(&db, &store, 2, 10).await;
    execute(&db, forget).await;
    assert_eq!(load(&store, 2).await, (Some(30), 29, 30));

    execute(&db, rename).await;
    let types = db.backend().stored_types().await.unwrap();
    assert_eq!(types.iter().map(|stored| stored.tag.as_str()).collect::<Vec<_>>(), ["account.paid_in"]);
    assert!(read(&db.backend(), "account/2").await.iter().all(|event| event.tag.as_str() == "account.paid_in"));
    execute(&db, vacuum).await;
    store.verify().await.unwrap();
}
