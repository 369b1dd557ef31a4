//! Positions are given out in the order of commits, and once.

use std::collections::BTreeSet;

use eventsourcing::{AppendError, ExpectedVersion, GlobalPosition, SqliteStore, sqlx};
use futures_util::TryStreamExt;

use crate::support::{AccountEvent, append, deposit, number};

async fn positions(store: &SqliteStore) -> Vec<i64> {
    let events: Vec<_> = store.all::<AccountEvent>().read().try_collect().await.unwrap();
    events.iter().map(|event| event.position.get()).collect()
}

#[tokio::test]
async fn a_rollback_leaves_no_gap_and_nothing_that_anybody_has_seen() {
    let store = SqliteStore::in_memory().await.unwrap();
    append(&store, "ada").await;
    let mut transaction = store.begin().await.unwrap();
    let mut stream = transaction.stream::<AccountEvent>("account/grace".parse().unwrap());
    stream.append(ExpectedVersion::Any, [deposit(1), deposit(2)].concat()).await.unwrap();
    assert_eq!(positions(&store).await, [1]);
    transaction.rollback().await.unwrap();
    append(&store, "ada").await;
    assert_eq!(positions(&store).await, [1, 2]);
}

#[tokio::test]
async fn the_position_of_an_erased_event_is_not_given_again() {
    let store = SqliteStore::in_memory().await.unwrap();
    for _ in 0..3 {
        append(&store, "ada").await;
    }
    let mut transaction = store.begin().await.unwrap();
    let erase = "insert into eventsourcing_maintenance (open) values (1);
        delete from eventsourcing_events where version = 3;
        delete from eventsourcing_maintenance";
    sqlx::raw_sql(erase).execute(transaction.connection()).await.unwrap();
    transaction.commit().await.unwrap();
    append(&store, "ada").await;
    assert_eq!(positions(&store).await, [1, 2, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_callers_at_once_each_has_its_own_result() {
    const CALLERS: i64 = 64;
    let store = SqliteStore::in_memory().await.unwrap();
    let callers = (0..CALLERS).map(|caller| {
        let store = store.clone();
        tokio::spawn(async move {
            let own = store.stream(format!("account/{caller}").parse().unwrap());
            let shared = store.stream("account/shared".parse().unwrap());
            let mut seen = Vec::new();
            for n in 0..10 {
                let expected =
                    eventsourcing::StreamVersion::new(n).map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact);
                seen.push(own.append(expected, deposit(1)).await.unwrap().position);
                assert!(own.append(expected, deposit(1)).await.unwrap_err().is_retriable(), "a conflict");
                seen.push(shared.append(ExpectedVersion::Any, deposit(1)).await.unwrap().position);
            }
            assert!(seen.is_sorted());
            seen.into_iter().flatten().collect::<Vec<GlobalPosition>>()
        })
    });
    let mut seen = BTreeSet::new();
    for caller in callers.collect::<Vec<_>>() {
        seen.extend(caller.await.unwrap());
    }
    let all: Vec<i64> = seen.into_iter().map(GlobalPosition::get).collect();
    assert_eq!(all, (1..=CALLERS * 20).collect::<Vec<_>>(), "dense, and each given once");
    assert_eq!(positions(&store).await, all);
    let last = "select max(version) from eventsourcing_events where stream_id = 'account/shared'";
    assert_eq!(number(store.pool(), last).await, CALLERS * 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_names_a_version_that_is_one() {
    let store = SqliteStore::in_memory().await.unwrap();
    let callers = (0..64).map(|_| {
        let stream = store.stream::<AccountEvent>("account/shared".parse().unwrap());
        tokio::spawn(async move {
            let (mut stored, mut expected) = (0, ExpectedVersion::NoStream);
            while stored < 5 {
                match stream.append(expected, deposit(1)).await {
                    Ok(appended) => {
                        stored += 1;
                        expected = ExpectedVersion::Exact(appended.version.unwrap());
                    }
                    Err(AppendError::Conflict(conflict)) => {
                        assert!(!expected.admits(conflict.actual), "{conflict}");
                        expected = ExpectedVersion::Exact(conflict.actual.unwrap());
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    assert_eq!(positions(&store).await, (1..=320).collect::<Vec<_>>());
}
