//! What users hold does on a file what it does on a server.

use std::{future::pending, time::Duration};

use eventsourcing::{
    After, AppendBatch, AppendError, ExpectedVersion, GlobalPosition, SqliteOptions, SqliteStore, StoreError, sqlx,
};
use futures_util::TryStreamExt;
use tokio::time::timeout;

use crate::support::{Account, AccountEvent, Balances, Deposit, Directory, append, deposit, number};

#[tokio::test]
async fn what_is_stored_is_there_when_the_file_is_opened_again() {
    let directory = Directory::new();
    let store = directory.store().await;
    store.repository::<Account>().execute(&"ada".to_owned(), Deposit(100)).await.unwrap();
    drop(store);
    let again = SqliteStore::open_with(directory.file(), SqliteOptions::new().synchronous_normal()).await.unwrap();
    again.verify().await.unwrap();
    assert_eq!(again.repository::<Account>().load(&"ada".to_owned()).await.unwrap().cents, 100);
}

#[tokio::test]
async fn a_store_in_memory_is_complete_and_leaves_no_file() {
    let store = SqliteStore::in_memory().await.unwrap();
    store.verify().await.unwrap();
    let path = store.pool().connect_options().get_filename().to_owned();
    append(&store, "ada").await;
    assert_eq!(store.all::<AccountEvent>().read().try_collect::<Vec<_>>().await.unwrap().len(), 1);
    assert!(path.exists());
    drop(store);
    timeout(Duration::from_secs(20), async {
        while path.exists() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_batch_is_stored_whole_or_not_at_all() {
    let store = SqliteStore::in_memory().await.unwrap();
    append(&store, "ada").await;
    let batch = |expected| {
        let mut batch = AppendBatch::new();
        batch.add("account/grace".parse().unwrap(), ExpectedVersion::Any, deposit(30)).unwrap();
        batch.add("account/ada".parse().unwrap(), expected, deposit(30)).unwrap();
        batch
    };
    assert!(matches!(store.append_batch(batch(ExpectedVersion::NoStream)).await, Err(AppendError::Conflict(_))));
    assert_eq!(number(store.pool(), "select count(*) from eventsourcing_events").await, 1);
    assert_eq!(store.append_batch(batch(ExpectedVersion::StreamExists)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_subscription_hands_out_what_is_there_and_what_comes() {
    let store = SqliteStore::in_memory().await.unwrap();
    append(&store, "ada").await;
    let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    for position in 1..=3 {
        let event = timeout(Duration::from_secs(20), subscription.next()).await.unwrap().unwrap();
        assert_eq!(event.position.get(), position);
        append(&store, "grace").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_moves_with_its_checkpoint_while_others_append() {
    let store = SqliteStore::in_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    sqlx::raw_sql(Balances::TABLE).execute(transaction.connection()).await.unwrap();
    transaction.commit().await.unwrap();
    let running = tokio::spawn(store.projector(Balances).run(pending()));
    let appends = (0..8).map(|account| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..25 {
                append(&store, &format!("a{account}")).await;
            }
        })
    });
    for task in appends.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let last = GlobalPosition::new(200).unwrap();
    timeout(Duration::from_mins(1), store.projector_status::<Balances>().reached(last)).await.unwrap().unwrap();
    running.abort();
    assert_eq!(number(store.pool(), "select sum(cents) from balances").await, 200);
    assert_eq!(number(store.pool(), "select count(*) from balances where cents = 25").await, 8);
}

#[tokio::test]
async fn a_transaction_of_the_callers_own_writes_with_the_store() {
    let directory = Directory::new();
    directory.store().await;
    let store = SqliteStore::new(directory.pool(|options| options));
    let mut transaction = store.pool().begin_with("begin immediate").await.unwrap();
    sqlx::raw_sql(Balances::TABLE).execute(&mut *transaction).await.unwrap();
    let mut inside = store.in_transaction(&mut transaction);
    let mut stream = inside.stream::<AccountEvent>("account/ada".parse().unwrap());
    stream.append(ExpectedVersion::NoStream, deposit(50)).await.unwrap();
    let refused = stream.append(ExpectedVersion::NoStream, deposit(50)).await;
    assert!(matches!(refused, Err(AppendError::Conflict(_))));
    transaction.commit().await.unwrap();
    assert_eq!(append(&store, "ada").await.get(), 2);
}

#[tokio::test]
async fn a_deferred_transaction_that_cannot_write_says_how_to_begin() {
    let directory = Directory::new();
    let store = directory.store().await;
    let pool = directory.pool(|options| options);
    let mut stale = pool.begin().await.unwrap();
    assert_eq!(number(&mut *stale, "select count(*) from eventsourcing_events").await, 0);
    append(&store, "ada").await;
    let mut beside = pool.begin().await.unwrap();
    assert_eq!(number(&mut *beside, "select count(*) from eventsourcing_events").await, 1);
    let writer = store.begin().await.unwrap();
    // One has read what is no longer the newest, the other one is not the one that writes.
    for transaction in [&mut stale, &mut beside] {
        let mut inside = store.in_transaction(transaction);
        let mut stream = inside.stream::<AccountEvent>("account/ada".parse().unwrap());
        let refused = stream.append(ExpectedVersion::Any, deposit(1)).await.unwrap_err();
        assert!(
            matches!(&refused, AppendError::Store(error @ StoreError::DeferredTransaction { .. })
                if error.to_string().contains("BEGIN IMMEDIATE")),
            "{refused:?}"
        );
    }
    writer.rollback().await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_somebody_has_ended_is_not_committed() {
    let store = SqliteStore::in_memory().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    sqlx::raw_sql("rollback").execute(transaction.connection()).await.unwrap();
    assert!(matches!(transaction.commit().await, Err(StoreError::TransactionEnded)));
    append(&store, "ada").await;
}

#[tokio::test]
async fn the_store_waits_for_its_own_open_transaction_no_longer_than_it_is_told() {
    let directory = Directory::new();
    directory.store().await;
    let options = SqliteOptions::new().busy_timeout(Duration::from_millis(50));
    let store = SqliteStore::open_with(directory.file(), options).await.unwrap();
    let transaction = store.begin().await.unwrap();
    let stream = store.stream("account/ada".parse().unwrap());
    let refused = stream.append(ExpectedVersion::Any, deposit(1)).await.unwrap_err();
    assert!(matches!(refused, AppendError::Store(StoreError::Locked { .. })) && refused.is_retriable());
    drop(transaction);
    append(&store, "ada").await;
}
