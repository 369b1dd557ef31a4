//! G3 and G4: readers of the log miss nothing and see nothing twice, whatever the writers do, and wait for nobody else.
//!
//! `scripts/mutants` runs this module against broken tails; each of them must fail here.

use std::{collections::BTreeMap, time::Duration};

use eventsourcing::{After, Event, ExpectedVersion, GlobalPosition, PgStore, StreamId};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, raw_sql};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use crate::support::{TestDb, fences, patiently};

/// How many events are committed at least, and by how many writers.
const EVENTS: usize = 50_000;
const FENCES: usize = 100;
const SUBSCRIBERS: u8 = 4;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "tick", crate = "eventsourcing", unlocked)]
enum Tick {
    Ticked { number: u32 },
    Ended,
}

fn ticks(from: u32, count: u32) -> Vec<Tick> {
    (from..from + count).map(|number| Tick::Ticked { number }).collect()
}

/// What all writers share: how many events have been committed, and how many are wanted.
#[derive(Clone)]
struct Race {
    store: PgStore,
    url: String,
    committed: watch::Sender<usize>,
}

impl Race {
    fn is_on(&self) -> bool {
        *self.committed.borrow() < EVENTS
    }

    fn add(&self, events: usize) {
        self.committed.send_modify(|committed| *committed += events);
    }

    /// Waits until the others have committed this many more events, or the race is over.
    async fn let_others_commit(&self, events: usize) {
        let goal = (*self.committed.borrow() + events).min(EVENTS);
        patiently(self.committed.subscribe().wait_for(|committed| *committed >= goal)).await.unwrap();
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Appends in the transaction that is open on the connection.
    async fn append_in(&self, connection: &mut PgConnection, stream: &StreamId, events: Vec<Tick>) {
        let mut transaction = self.store.in_transaction(connection);
        transaction.stream::<Tick>(stream.clone()).append(ExpectedVersion::Any, events).await.unwrap();
    }
}

async fn run(connection: &mut PgConnection, sql: String) {
    raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// Appends of `size` events, each its own transaction; those to the shared stream race, which leaves gaps.
async fn plain(race: Race, stream: StreamId, size: u32) {
    let own = race.store.stream::<Tick>(stream);
    let shared = race.store.stream::<Tick>(StreamId::new("shared", size).unwrap());
    for round in 0.. {
        if !race.is_on() {
            return;
        }
        let stream = if round % 3 == 0 { &shared } else { &own };
        stream.append(ExpectedVersion::Any, ticks(round, size)).await.unwrap();
        race.add(usize::try_from(size).unwrap());
    }
}

/// Transactions that stay open while the others commit.
async fn slow(race: Race, stream: StreamId, patience: usize) {
    let mut connection = race.connect().await;
    while race.is_on() {
        let mut transaction = connection.begin().await.unwrap();
        race.append_in(&mut transaction, &stream, ticks(0, 3)).await;
        race.let_others_commit(patience).await;
        race.append_in(&mut transaction, &stream, ticks(3, 2)).await;
        transaction.commit().await.unwrap();
        race.add(5);
    }
}

/// Transactions that take positions and give up.
async fn rolled_back(race: Race, stream: StreamId) {
    let mut connection = race.connect().await;
    while race.is_on() {
        let mut transaction = connection.begin().await.unwrap();
        race.append_in(&mut transaction, &stream, ticks(0, 4)).await;
        race.let_others_commit(40).await;
        transaction.rollback().await.unwrap();
    }
}

/// Transactions that keep what stands around a savepoint and give up what is behind it.
async fn savepoints(race: Race, stream: StreamId) {
    let mut connection = race.connect().await;
    while race.is_on() {
        let mut transaction = connection.begin().await.unwrap();
        race.append_in(&mut transaction, &stream, ticks(0, 2)).await;
        let mut savepoint = transaction.begin().await.unwrap();
        race.append_in(&mut savepoint, &stream, ticks(2, 2)).await;
        race.let_others_commit(30).await;
        savepoint.rollback().await.unwrap();
        race.append_in(&mut transaction, &stream, ticks(4, 1)).await;
        transaction.commit().await.unwrap();
        race.add(3);
    }
}

/// Only what stands behind the savepoint appends, so giving it up also gives up the lock.
async fn abandoned_savepoints(race: Race, stream: StreamId) {
    let mut connection = race.connect().await;
    while race.is_on() {
        let mut transaction = connection.begin().await.unwrap();
        let mut savepoint = transaction.begin().await.unwrap();
        race.append_in(&mut savepoint, &stream, ticks(0, 2)).await;
        savepoint.rollback().await.unwrap();
        race.let_others_commit(30).await;
        race.append_in(&mut transaction, &stream, ticks(2, 1)).await;
        transaction.commit().await.unwrap();
        race.add(1);
    }
}

/// Transactions that outlive their sessions; every third is rolled back in the end.
async fn prepared(race: Race, stream: StreamId, name: &str) {
    let mut connection = race.connect().await;
    for round in 0.. {
        if !race.is_on() {
            return;
        }
        run(&mut connection, "begin".to_owned()).await;
        race.append_in(&mut connection, &stream, ticks(round, 2)).await;
        run(&mut connection, format!("prepare transaction '{name} {round}'")).await;
        race.let_others_commit(120).await;
        let keeps = round % 3 != 0;
        let verb = if keeps { "commit" } else { "rollback" };
        run(&mut connection, format!("{verb} prepared '{name} {round}'")).await;
        if keeps {
            race.add(2);
        }
    }
}

/// Transactions that have their transaction id long before they append.
async fn ambient(race: Race, stream: StreamId) {
    let mut connection = race.connect().await;
    while race.is_on() {
        let mut transaction = connection.begin().await.unwrap();
        run(&mut transaction, "insert into business values (1)".to_owned()).await;
        race.let_others_commit(150).await;
        race.append_in(&mut transaction, &stream, ticks(0, 2)).await;
        race.let_others_commit(20).await;
        transaction.commit().await.unwrap();
        race.add(2);
    }
}

/// What a reader that trusts what it sees would have read: the next page after the highest position so far.
async fn naive(race: Race) -> usize {
    let mut connection = race.connect().await;
    let (mut cursor, mut seen) = (0_i64, 0);
    loop {
        let over = !race.is_on();
        let sql = "select position from eventsourcing.events where position > $1 order by position limit 500";
        let rows = sqlx::query(sql).bind(cursor).fetch_all(&mut connection).await.unwrap();
        seen += rows.len();
        match rows.last() {
            Some(row) => cursor = row.get(0),
            None if over => return seen,
            None => {}
        }
    }
}

/// Subscribes, reads some events, drops the subscription, and resumes after the last of them, until the end.
async fn subscriber(store: PgStore, number: u8) -> Vec<(GlobalPosition, StreamId, i64)> {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[number; 32]);
    let mut seen: Vec<(GlobalPosition, StreamId, i64)> = Vec::new();
    loop {
        let after: After = seen.last().map(|(position, ..)| *position).into();
        let mut subscription = store.all::<Tick>().subscribe(after).await.unwrap();
        for _ in 0..=random.next_u32() % 2_000 {
            let recorded = patiently(subscription.next()).await.unwrap();
            seen.push((recorded.position, recorded.stream_id, recorded.version.get()));
            if recorded.event == Tick::Ended {
                return seen;
            }
        }
    }
}

async fn truth(db: &TestDb) -> Vec<(GlobalPosition, StreamId, i64)> {
    let sql = "select position, stream_id, version from eventsourcing.events order by position";
    let rows = sqlx::query(sql).fetch_all(db.pool()).await.unwrap();
    rows.iter()
        .map(|row| {
            let stream_id: String = row.get(1);
            (GlobalPosition::new(row.get(0)).unwrap(), stream_id.parse().unwrap(), row.get(2))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_committed_event_is_seen_once_and_in_order() {
    let db = TestDb::new().await;
    let store = db.store();
    raw_sql("create table business (n int)").execute(db.pool()).await.unwrap();
    let race = Race { store: store.clone(), url: db.url(), committed: watch::Sender::new(0) };
    let fences = fences::count();

    let id = |name: &str| StreamId::new("writer", name).unwrap();
    let mut writers = JoinSet::new();
    writers.spawn(plain(race.clone(), id("one a"), 1));
    writers.spawn(plain(race.clone(), id("one b"), 1));
    writers.spawn(plain(race.clone(), id("one c"), 1));
    writers.spawn(plain(race.clone(), id("many a"), 40));
    writers.spawn(plain(race.clone(), id("many b"), 25));
    writers.spawn(slow(race.clone(), id("slow a"), 60));
    writers.spawn(slow(race.clone(), id("slow b"), 300));
    writers.spawn(rolled_back(race.clone(), id("rolled back a")));
    writers.spawn(rolled_back(race.clone(), id("rolled back b")));
    writers.spawn(savepoints(race.clone(), id("savepoints")));
    writers.spawn(abandoned_savepoints(race.clone(), id("abandoned savepoints")));
    writers.spawn(prepared(race.clone(), id("prepared a"), "a"));
    writers.spawn(prepared(race.clone(), id("prepared b"), "b"));
    writers.spawn(ambient(race.clone(), id("ambient a")));
    writers.spawn(ambient(race.clone(), id("ambient b")));

    let naive = tokio::spawn(naive(race.clone()));
    let mut subscribers = JoinSet::new();
    for number in 0..SUBSCRIBERS {
        // Half of them share a tailer, the others have one each.
        let store = if number % 2 == 0 { store.clone() } else { db.store() };
        subscribers.spawn(subscriber(store, number));
    }

    while let Some(writer) = writers.join_next().await {
        writer.unwrap();
    }
    let naive = naive.await.unwrap();
    store.stream::<Tick>(id("end")).append(ExpectedVersion::NoStream, [Tick::Ended]).await.unwrap();

    let truth = truth(&db).await;
    assert_versions_follow_positions(&truth);
    assert_eq!(
        truth.len(),
        *race.committed.borrow() + 1,
        "an acknowledged event is not in the log, or one too many is"
    );
    while let Some(seen) = subscribers.join_next().await {
        let seen = seen.unwrap();
        let difference = seen.iter().zip(&truth).position(|(seen, truth)| seen != truth);
        assert_eq!(difference.map(|at| (&seen[at], &truth[at])), None, "a subscriber saw another event than is there");
        assert_eq!(seen.len(), truth.len());
    }

    let missed = truth.len() - 1 - naive.min(truth.len() - 1);
    let fences = fences.get();
    println!("{} events, {fences} fences, the naive reader missed {missed}", truth.len());
    assert!(missed > 0, "the naive reader missed nothing, so this run has shown nothing");
    assert!(fences >= FENCES, "only {fences} fences, so this run has shown little");
}

fn assert_versions_follow_positions(truth: &[(GlobalPosition, StreamId, i64)]) {
    let mut versions = BTreeMap::new();
    for (position, stream_id, version) in truth {
        let last = versions.insert(stream_id, *version).unwrap_or(0);
        assert_eq!(last + 1, *version, "stream `{stream_id}` at position {position}");
    }
}

/// Polling would not find an event within the test's patience: only a tail that waits for nobody delivers it.
const NEVER: Duration = Duration::from_hours(24);

#[tokio::test(flavor = "multi_thread")]
async fn transactions_elsewhere_delay_nobody() {
    let db = TestDb::new().await;
    let store = db.store().with_poll_interval(NEVER);
    // A database made from the same template: its tables have the same object ids.
    let other_database = TestDb::new().await;
    let other_schema = db.store_in_schema("elsewhere").await;
    raw_sql("create table business (n int)").execute(db.pool()).await.unwrap();
    let stream = StreamId::new("tick", 1).unwrap();

    let mut subscription = store.all::<Tick>().subscribe(After::Start).await.unwrap();
    let mut in_database = other_database.pool().begin().await.unwrap();
    let mut in_schema = db.pool().begin().await.unwrap();
    let mut unrelated = db.pool().begin().await.unwrap();
    let elsewhere = other_database.store();
    elsewhere
        .in_transaction(&mut in_database)
        .stream::<Tick>(stream.clone())
        .append(ExpectedVersion::Any, ticks(0, 1))
        .await
        .unwrap();
    other_schema
        .in_transaction(&mut in_schema)
        .stream::<Tick>(stream.clone())
        .append(ExpectedVersion::Any, ticks(0, 1))
        .await
        .unwrap();
    run(&mut unrelated, "insert into business values (1)".to_owned()).await;

    for number in 0..20 {
        // A gap before each event, so that each needs a fence.
        let mut gap = store.begin().await.unwrap();
        gap.stream::<Tick>(stream.clone()).append(ExpectedVersion::Any, ticks(number, 2)).await.unwrap();
        gap.rollback().await.unwrap();
        let at = store.stream::<Tick>(stream.clone()).append(ExpectedVersion::Any, ticks(number, 1)).await.unwrap();
        let recorded = patiently(subscription.next()).await.unwrap();
        assert_eq!(Some(recorded.position), at.position);
    }
    in_database.rollback().await.unwrap();
    in_schema.rollback().await.unwrap();
    unrelated.rollback().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_holds_back_what_follows_it_and_the_store_says_who_it_is() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut subscription = store.all::<Tick>().subscribe(After::Start).await.unwrap();

    let mut connection = PgConnection::connect(&db.url()).await.unwrap();
    run(&mut connection, "set application_name = 'the slow one'; begin".to_owned()).await;
    let process: i32 = sqlx::query("select pg_backend_pid()").fetch_one(&mut connection).await.unwrap().get(0);
    let first = StreamId::new("tick", "first").unwrap();
    store
        .in_transaction(&mut connection)
        .stream::<Tick>(first.clone())
        .append(ExpectedVersion::NoStream, ticks(1, 1))
        .await
        .unwrap();
    store
        .stream::<Tick>(StreamId::new("tick", "second").unwrap())
        .append(ExpectedVersion::NoStream, ticks(2, 1))
        .await
        .unwrap();

    let blockers = store.blockers().await.unwrap();
    assert_eq!(blockers.iter().map(|blocker| blocker.pid).collect::<Vec<_>>(), [Some(process)]);
    assert_eq!(blockers[0].application_name.as_deref(), Some("the slow one"));

    run(&mut connection, "prepare transaction 'held'".to_owned()).await;
    // It has no session any more, and still holds back what follows it.
    assert!(timeout(Duration::from_millis(300), subscription.next()).await.is_err(), "the second event came first");
    let blockers = store.blockers().await.unwrap();
    assert_eq!(blockers.len(), 1);
    assert_eq!((blockers[0].pid, blockers[0].prepared.as_deref()), (None, Some("held")));

    run(&mut connection, "commit prepared 'held'".to_owned()).await;
    for number in [1, 2] {
        assert_eq!(patiently(subscription.next()).await.unwrap().event, Tick::Ticked { number });
    }
    assert!(store.blockers().await.unwrap().is_empty());
}
