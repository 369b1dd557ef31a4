//! Stores that share nothing but the file: what holds for several of them in one process holds for several processes.

use std::{future::pending, time::Duration};

use eventsourcing::{After, ExpectedVersion, GlobalPosition, SqliteOptions, SqliteStore, StoreError, sqlx};
use tokio::{task::JoinSet, time::timeout};

use crate::support::{Account, AccountEvent, Balances, Deposit, Directory, append, deposit, number};

#[tokio::test(flavor = "multi_thread")]
async fn stores_on_one_file_wait_for_each_other_and_lose_nothing() {
    const STORES: i64 = 4;
    const EACH: i64 = 50;
    let directory = Directory::new();
    directory.store().await;
    let mut tasks = JoinSet::new();
    for _ in 0..STORES {
        let options = SqliteOptions::new().busy_timeout(Duration::from_mins(1)).synchronous_normal();
        let store = SqliteStore::open_with(directory.file(), options).await.unwrap();
        tasks.spawn(async move {
            let accounts = store.repository::<Account>();
            for _ in 0..EACH {
                accounts.execute(&"shared".to_owned(), Deposit(1)).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let mut stranger = directory.stranger().await;
    assert_eq!(number(&mut stranger, "select max(version) from eventsourcing_events").await, STORES * EACH);
    assert_eq!(number(&mut stranger, "select max(position) from eventsourcing_events").await, STORES * EACH);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_always_writes_does_not_shut_out_another_one() {
    let directory = Directory::new();
    directory.store().await;
    let options = SqliteOptions::new().busy_timeout(Duration::from_mins(1));
    let busy = SqliteStore::open_with(directory.file(), options.clone()).await.unwrap();
    let mut writers = JoinSet::new();
    for writer in 0..16 {
        let busy = busy.clone();
        writers.spawn(async move {
            loop {
                append(&busy, &format!("busy-{writer}")).await;
            }
        });
    }
    let other = SqliteStore::open_with(directory.file(), options).await.unwrap();
    for version in 1..=20 {
        assert_eq!(append(&other, "other").await.get(), version);
    }
    assert!(writers.try_join_next().is_none(), "they write for ever");
    writers.shutdown().await;
}

#[tokio::test]
async fn who_writes_for_too_long_is_an_error_that_is_worth_another_try() {
    let directory = Directory::new();
    directory.store().await;
    let options = SqliteOptions::new().busy_timeout(Duration::from_millis(50));
    let store = SqliteStore::open_with(directory.file(), options).await.unwrap();
    let mut stranger = directory.stranger().await;
    sqlx::raw_sql("begin immediate").execute(&mut stranger).await.unwrap();
    let refused = store.begin().await.unwrap_err();
    assert!(matches!(&refused, StoreError::Locked { .. }) && refused.is_retriable(), "{refused:?}");
    assert_eq!(store.repository::<Account>().load(&"ada".to_owned()).await.unwrap().cents, 0, "readers do not wait");
    sqlx::raw_sql("rollback").execute(&mut stranger).await.unwrap();
    append(&store, "ada").await;
}

#[tokio::test]
async fn what_another_process_commits_wakes_subscribers_without_a_poll() {
    let directory = Directory::new();
    // No poll comes to help within the bound of the test.
    let store = directory.store().await.with_poll_interval(Duration::from_hours(1));
    let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    let other = directory.store().await;
    for _ in 0..3 {
        append(&other, "ada").await;
        timeout(Duration::from_secs(20), subscription.next()).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_of_a_projection_apply_each_event_once() {
    let directory = Directory::new();
    let store = directory.store().await;
    sqlx::raw_sql(Balances::TABLE).execute(&mut directory.stranger().await).await.unwrap();
    let other = directory.store().await;
    let running = [
        tokio::spawn(store.projector(Balances).run(pending())),
        tokio::spawn(other.projector(Balances).run(pending())),
    ];
    for n in 0..100 {
        let stream = [&store, &other][n % 2].stream(format!("account/a{n}").parse().unwrap());
        stream.append(ExpectedVersion::NoStream, deposit(1)).await.unwrap();
    }
    let last = GlobalPosition::new(100).unwrap();
    timeout(Duration::from_mins(1), store.projector_status::<Balances>().reached(last)).await.unwrap().unwrap();
    running.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(number(store.pool(), "select sum(cents) from balances").await, 100);
}
