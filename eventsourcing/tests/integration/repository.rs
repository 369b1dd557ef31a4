//! Aggregates: loading, saving, executing, snapshots.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use eventsourcing::{
    AppendError, Appended, ExecuteError, ExpectedVersion, Metadata, PgStore, RetryPolicy, StoreError, StreamVersion,
};
use sqlx::{Connection, Row, raw_sql};
use tokio::task::JoinSet;

use crate::support::{
    TestDb,
    account::{Account, AccountEvent, Cached, Changed, Deposit, Insufficient, Withdraw, account, deposits},
    patiently,
    proxy::Proxy,
};

fn version(number: i64) -> Option<StreamVersion> {
    StreamVersion::new(number)
}

#[tokio::test]
async fn a_missing_aggregate_is_its_default_or_nothing() {
    let db = TestDb::new().await;
    let accounts = db.store().repository::<Account>();
    assert!(accounts.find(&1).await.unwrap().is_none());
    let mut root = accounts.load(&1).await.unwrap();
    assert_eq!((root.version(), &*root), (None, &Account::default()));
    assert_eq!(accounts.save(&mut root).await.unwrap(), Appended::NOTHING);

    root.record(AccountEvent::Deposited { cents: 5 });
    root.record(AccountEvent::Withdrawn { cents: 2 });
    assert_eq!((root.cents, root.version()), (3, None), "recorded is applied, and not stored yet");
    accounts.save(&mut root).await.unwrap();
    assert_eq!((root.version(), root.recorded().len()), (version(2), 0));
    let found = accounts.find(&1).await.unwrap().unwrap();
    assert_eq!((found.version(), found.cents, found.events), (version(2), 3, 2));
}

#[tokio::test]
async fn the_second_of_two_saves_conflicts_and_keeps_what_it_recorded() {
    let db = TestDb::new().await;
    let accounts = db.store().repository::<Account>();
    let (mut first, mut second) = (accounts.load(&1).await.unwrap(), accounts.load(&1).await.unwrap());
    first.record(AccountEvent::Deposited { cents: 1 });
    second.record(AccountEvent::Deposited { cents: 2 });
    accounts.save(&mut first).await.unwrap();
    let Err(AppendError::Conflict(conflict)) = accounts.save(&mut second).await else { panic!("both saves won") };
    assert_eq!((conflict.expected, conflict.actual), (ExpectedVersion::NoStream, version(1)));
    assert_eq!((second.version(), second.recorded().len()), (None, 1));
}

#[tokio::test]
async fn saving_again_after_a_lost_answer_stores_nothing_twice() {
    let db = TestDb::new().await;
    let accounts = db.store().repository::<Account>();
    let mut root = accounts.load(&1).await.unwrap();
    root.record(AccountEvent::Deposited { cents: 1 });
    root.record(AccountEvent::Deposited { cents: 2 });
    // As if the answer to the first save had been lost: the events are stored, and the root does not know.
    let stored: Vec<_> = root.recorded().to_vec();
    let first = db.store().stream::<AccountEvent>(account(1)).append(ExpectedVersion::NoStream, stored).await.unwrap();
    assert_eq!(accounts.save(&mut root).await.unwrap(), first);
    assert_eq!((root.version(), root.recorded().len()), (version(2), 0));
    assert_eq!(accounts.load(&1).await.unwrap().events, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execute_whose_answers_are_lost_happens_once() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let accounts = PgStore::connect(&proxy.url()).await.unwrap().repository::<Account>();
    for (count, lost) in (1..).zip([1, 2, 5]) {
        proxy.lose_answers(lost);
        let done = patiently(accounts.execute(&1, Deposit(1))).await.unwrap();
        assert_eq!((done.appended.version, proxy.left_to_lose()), (version(count), 0), "{lost} answers lost");
    }
    assert_eq!(accounts.load(&1).await.unwrap().version(), version(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_retries_answers_that_are_lost_are_an_error() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let accounts = PgStore::connect(&proxy.url()).await.unwrap().repository::<Account>();
    // The store itself sends it again, once.
    proxy.lose_answers(2);
    let result = accounts.clone().with_retries(RetryPolicy::NEVER).execute(&1, Deposit(1)).await;
    let Err(ExecuteError::Store(StoreError::Unavailable { .. })) = result else { panic!("{result:?}") };
    assert_eq!(accounts.load(&1).await.unwrap().version(), version(1));
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_stored_leaves_the_callers_transaction_usable() {
    let db = TestDb::new().await;
    let store = db.store();
    let refuse = "alter table eventsourcing.snapshots add constraint nobody check (version < 1)";
    raw_sql(refuse).execute(db.pool()).await.unwrap();
    let mut connection = db.connect().await;
    let mut transaction = connection.begin().await.unwrap();
    let mut inside = store.in_transaction(&mut transaction);
    let mut cached = inside.repository::<Cached>();
    let mut root = cached.load(&1).await.unwrap();
    for event in deposits(10) {
        root.record(event);
    }
    cached.save(&mut root).await.unwrap();
    root.record(AccountEvent::Deposited { cents: 1 });
    cached.save(&mut root).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(store.repository::<Cached>().load(&1).await.unwrap().version(), version(11));
}

#[tokio::test]
async fn a_snapshot_goes_with_the_callers_transaction() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut connection = db.connect().await;
    for commits in [false, true] {
        let mut transaction = connection.begin().await.unwrap();
        let mut inside = store.in_transaction(&mut transaction);
        let mut cached = inside.repository::<Cached>();
        let mut root = cached.load(&1).await.unwrap();
        for event in deposits(10) {
            root.record(event);
        }
        cached.save(&mut root).await.unwrap();
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        let loaded = store.repository::<Cached>().load(&1).await.unwrap();
        assert_eq!((loaded.applied, loaded.version()), (0, if commits { version(10) } else { None }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn executes_that_race_all_happen_and_none_oversteps() {
    let db = TestDb::new().await;
    let patient = RetryPolicy::default().max_attempts(200);
    let accounts = db.store().repository::<Account>().with_retries(patient);
    accounts.execute(&1, Deposit(20)).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..24 {
        let accounts = accounts.clone();
        tasks.spawn(async move { accounts.execute(&1, Withdraw(1)).await });
    }
    let results = patiently(tasks.join_all()).await;
    let refused =
        |result: &Result<_, ExecuteError<Insufficient>>| matches!(result, Err(ExecuteError::Decide(Insufficient(0))));
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 20);
    assert_eq!(results.iter().filter(|result| refused(result)).count(), 4);
    let root = accounts.load(&1).await.unwrap();
    assert_eq!((root.cents, root.version()), (0, version(21)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_retries_a_lost_race_is_a_conflict() {
    let db = TestDb::new().await;
    let accounts = db.store().repository::<Account>().with_retries(RetryPolicy::NEVER);
    let mut conflicts = 0;
    while conflicts == 0 {
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let accounts = accounts.clone();
            tasks.spawn(async move { accounts.execute(&1, Deposit(1)).await });
        }
        for result in patiently(tasks.join_all()).await {
            match result {
                Ok(_) => {}
                Err(ExecuteError::Conflict(_)) => conflicts += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// The state of a load is that of its version, whatever is appended meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn state_and_version_agree_under_concurrent_appends() {
    let db = TestDb::new().await;
    let store = db.store();
    let ends = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (stream, ends) = (store.stream::<AccountEvent>(account(1)), Arc::clone(&ends));
        async move {
            while !ends.load(Ordering::SeqCst) {
                stream.append(ExpectedVersion::Any, deposits(3)).await.unwrap();
            }
        }
    });
    let (plain, cached) = (store.repository::<Account>(), store.repository::<Cached>());
    let has_snapshot = async || {
        let snapshots = sqlx::query("select exists (select from eventsourcing.snapshots)").fetch_one(db.pool());
        snapshots.await.unwrap().get::<bool, _>(0)
    };
    let (mut last, mut loads_with_snapshot) = (0, 0);
    // Until many loads have begun with a snapshot, which is there once this has won against the writer.
    patiently(Box::pin(async {
        while last < 600 || loads_with_snapshot < 20 {
            loads_with_snapshot += u32::from(has_snapshot().await);
            let root = plain.load(&1).await.unwrap();
            let version = root.version().map_or(0, StreamVersion::get);
            assert_eq!((root.events, root.cents), (version, version));
            let mut root = cached.load(&1).await.unwrap();
            last = root.version().map_or(0, StreamVersion::get);
            assert_eq!((root.nested.events, root.cents), (last, last));
            // Takes part in the race now and then, which leaves snapshots.
            root.record(AccountEvent::Deposited { cents: 1 });
            match cached.save(&mut root).await {
                Ok(_) | Err(AppendError::Conflict(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }))
    .await;
    ends.store(true, Ordering::SeqCst);
    patiently(writer).await.unwrap();
}

#[tokio::test]
async fn a_load_begins_with_a_snapshot_that_fits_and_with_no_other() {
    let db = TestDb::new().await;
    let store = db.store();
    let (cached, changed) = (store.repository::<Cached>(), store.repository::<Changed>());
    let mut root = cached.load(&1).await.unwrap();
    for event in deposits(9) {
        root.record(event);
    }
    cached.save(&mut root).await.unwrap();
    assert_eq!(cached.load(&1).await.unwrap().applied, 9, "not due yet");
    root.record(AccountEvent::Deposited { cents: 1 });
    cached.save(&mut root).await.unwrap();
    db.until_snapshot(account(1), 10).await;
    store.stream(account(1)).append(ExpectedVersion::Any, deposits(2)).await.unwrap();

    let loaded = cached.load(&1).await.unwrap();
    assert_eq!((loaded.applied, loaded.cents, loaded.nested.events, loaded.version()), (2, 12, 12, version(12)));
    let loaded = changed.load(&1).await.unwrap();
    assert_eq!((loaded.applied, loaded.cents, loaded.nested.events), (12, 12, 12), "a changed nested type is noticed");

    raw_sql("update eventsourcing.snapshots set state = '{\"cents\":\"many\"}'").execute(db.pool()).await.unwrap();
    let loaded = cached.load(&1).await.unwrap();
    assert_eq!(
        (loaded.applied, loaded.cents, loaded.version()),
        (12, 12, version(12)),
        "an unreadable one is not used"
    );
}

#[tokio::test]
async fn a_retired_event_counts_for_the_version() {
    let db = TestDb::new().await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload) values
            (1, gen_random_uuid(), 1, 'account/1', 'account.deposited', '{\"cents\":4}'),
            (2, gen_random_uuid(), 1, 'account/1', 'account.frozen', '{}')",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let accounts = db.store().repository::<Account>();
    let mut root = accounts.load(&1).await.unwrap();
    assert_eq!((root.version(), root.events, root.cents), (version(2), 1, 4));
    root.record(AccountEvent::Withdrawn { cents: 4 });
    assert_eq!(accounts.save(&mut root).await.unwrap().version, version(3));
}

#[tokio::test]
async fn aggregates_work_inside_the_callers_transaction() {
    let db = TestDb::new().await;
    let store = db.store();
    raw_sql("create table business (n int)").execute(db.pool()).await.unwrap();
    store.repository::<Account>().execute(&1, Deposit(5)).await.unwrap();

    let mut connection = db.connect().await;
    for commits in [false, true] {
        let mut transaction = connection.begin().await.unwrap();
        let mut inside = store.in_transaction(&mut transaction);
        let mut accounts = inside.repository::<Account>().with(Metadata::new().correlation_id("inside"));
        assert!(accounts.find(&2).await.unwrap().is_none());
        accounts.execute(&1, Withdraw(2)).await.unwrap();
        let refused = accounts.execute(&1, Withdraw(9)).await;
        assert!(matches!(refused, Err(ExecuteError::Decide(Insufficient(3)))), "its own withdrawal is seen");
        let conflict = inside.stream::<AccountEvent>(account(1)).append(ExpectedVersion::NoStream, deposits(1)).await;
        assert!(matches!(conflict, Err(AppendError::Conflict(_))));
        raw_sql("insert into business values (1)").execute(&mut *transaction).await.unwrap();
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
    }
    let root = store.repository::<Account>().load(&1).await.unwrap();
    assert_eq!((root.cents, root.version()), (3, version(2)));
    let business = sqlx::query("select count(*) from business").fetch_one(db.pool()).await.unwrap();
    assert_eq!(business.get::<i64, _>(0), 1);
}
