//! Projections: each event exactly once, with lost connections, several instances, and errors.

use std::time::Duration;

use eventsourcing::{ExpectedVersion, GlobalPosition, PgStore, Postgres, Projection, ProjectorError, Recorded};
use sqlx::{PgConnection, Row, raw_sql};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    patiently,
};

/// Writes down each event it is given, as often as it is given.
struct Journal;

const TABLE: &str = "create table journal (n bigserial, position bigint not null)";

impl Projection<Postgres> for Journal {
    const NAME: &'static str = "journal";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<AccountEvent>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let positions: Vec<i64> = batch.iter().map(|recorded| recorded.position.get()).collect();
        let insert = sqlx::query("insert into journal (position) select unnest($1::bigint[])").bind(positions);
        insert.execute(connection).await?;
        Ok(())
    }
}

/// A projector that runs until it is told to stop.
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ProjectorError<sqlx::Error>>>,
}

fn run(store: &PgStore) -> Running {
    let (stop, stopped) = oneshot::channel();
    let projector = store.projector(Journal);
    let shutdown = async move { drop(stopped.await) };
    Running { stop, task: tokio::spawn(projector.run(shutdown)) }
}

impl Running {
    async fn stop(self) -> Result<(), ProjectorError<sqlx::Error>> {
        drop(self.stop);
        patiently(self.task).await.unwrap()
    }
}

async fn deposit(store: &PgStore, count: usize) -> GlobalPosition {
    let appended = store.stream(account(1)).append(ExpectedVersion::Any, deposits(count)).await;
    appended.unwrap().position.unwrap()
}

/// What is in the journal, and what is in the log, in order.
async fn journal_and_log(db: &TestDb) -> (Vec<i64>, Vec<i64>) {
    let positions = async |sql| {
        let rows = sqlx::query(sql).fetch_all(db.pool()).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect::<Vec<i64>>()
    };
    let journal = positions("select position from journal order by n").await;
    (journal, positions("select position from eventsourcing.events order by position").await)
}

async fn db() -> TestDb {
    let db = TestDb::new().await;
    raw_sql(TABLE).execute(db.pool()).await.unwrap();
    db
}

#[tokio::test(flavor = "multi_thread")]
async fn it_resumes_from_its_checkpoint() {
    let db = db().await;
    let store = db.store();
    let status = store.projector_status::<Journal>();
    assert_eq!(status.position().await.unwrap(), None);
    for round in 1..=3 {
        let running = run(&store);
        let position = deposit(&store, 700).await;
        patiently(status.reached(position)).await.unwrap();
        running.stop().await.unwrap();
        assert_eq!(status.position().await.unwrap(), Some(position));
        let (journal, log) = journal_and_log(&db).await;
        assert_eq!((journal.len(), &journal), (round * 700, &log));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_checkpoint_moves_over_events_of_others() {
    let db = db().await;
    let store = db.store();
    let running = run(&store);
    deposit(&store, 1).await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select n, gen_random_uuid(), 1, 'foreign/1', 'foreign.event', '{}' from generate_series(1, 1000) n",
    )
    .execute(db.pool())
    .await
    .unwrap();
    store.wake();
    let last = GlobalPosition::new(1_001).unwrap();
    patiently(store.projector_status::<Journal>().reached(last)).await.unwrap();
    running.stop().await.unwrap();
    assert_eq!(journal_and_log(&db).await.0, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_checkpoint_moves_while_others_never_pause() {
    let db = db().await;
    let store = db.store();
    let running = run(&store);
    let status = store.projector_status::<Journal>();
    let moved = async {
        for version in 1.. {
            sqlx::query(
                "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
                 values ($1, gen_random_uuid(), 1, 'foreign/1', 'foreign.event', '{}')",
            )
            .bind(version)
            .execute(db.pool())
            .await
            .unwrap();
            store.wake();
            if version % 20 == 0 && status.position().await.unwrap().is_some() {
                return;
            }
        }
    };
    patiently(moved).await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecodable_event_ends_it_at_once_when_it_is_live() {
    let db = db().await;
    let store = db.store().with_poll_interval(Duration::from_hours(24));
    let running = run(&store);
    let position = deposit(&store, 1).await;
    patiently(store.projector_status::<Journal>().reached(position)).await.unwrap();
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         values (2, gen_random_uuid(), 1, 'account/1', 'account.deposited', '{\"cents\":1}'),
                (3, gen_random_uuid(), 1, 'account/1', 'account.deposited', '{}')",
    )
    .execute(db.pool())
    .await
    .unwrap();
    store.wake();
    let error = patiently(running.task).await.unwrap().unwrap_err();
    assert!(matches!(error, ProjectorError::Read { .. }), "{error}");
    assert_eq!(journal_and_log(&db).await.0, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_while_it_waits_for_another_instance() {
    let db = db().await;
    let store = db.store();
    let running = run(&store);
    let position = deposit(&store, 1).await;
    patiently(store.projector_status::<Journal>().reached(position)).await.unwrap();
    let mut other = db.connect().await;
    raw_sql("begin; update eventsourcing.checkpoints set token = token").execute(&mut other).await.unwrap();
    deposit(&store, 1).await;
    // Whether it has come to the checkpoint by now or not, it stops at once.
    running.stop().await.unwrap();
    raw_sql("commit").execute(&mut other).await.unwrap();
    assert_eq!(store.projector_status::<Journal>().position().await.unwrap(), Some(position));
    assert_eq!(journal_and_log(&db).await.0, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_instances_and_killed_connections_apply_each_event_once() {
    let db = db().await;
    let stores = [db.store(), db.store(), db.store()];
    let instances: Vec<_> = stores.iter().map(run).collect();
    let mut killer = db.connect().await;
    for round in 0..150 {
        while stores[0].stream(account(1)).append(ExpectedVersion::Any, deposits(7)).await.is_err() {}
        if round % 50 == 25 {
            let sql = "select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()";
            sqlx::query(sql).fetch_all(&mut killer).await.unwrap();
        }
    }
    let last = sqlx::query("select max(position) from eventsourcing.events").fetch_one(&mut killer).await.unwrap();
    let last = GlobalPosition::new(last.get(0)).unwrap();
    patiently(async {
        while stores[0].projector_status::<Journal>().reached(last).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    for instance in instances {
        instance.stop().await.unwrap();
    }
    let (journal, log) = journal_and_log(&db).await;
    assert_eq!(journal, log);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_its_own_ends_it_before_the_batch() {
    let db = db().await;
    let store = db.store();
    raw_sql("alter table journal add constraint small check (position < 3)").execute(db.pool()).await.unwrap();
    deposit(&store, 2).await;
    let running = run(&store);
    patiently(store.projector_status::<Journal>().reached(GlobalPosition::new(2).unwrap())).await.unwrap();
    deposit(&store, 2).await;
    let error = patiently(running.task).await.unwrap().unwrap_err();
    let ProjectorError::Apply { projection, from, to, .. } = &error else { panic!("{error}") };
    assert_eq!((*projection, *from, *to), ("journal", GlobalPosition::new(3), GlobalPosition::new(4)));
    assert_eq!(store.projector_status::<Journal>().position().await.unwrap(), GlobalPosition::new(2));
    assert_eq!(journal_and_log(&db).await.0, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undecodable_event_ends_it_behind_the_last_good_one() {
    let db = db().await;
    let store = db.store();
    deposit(&store, 2).await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         values (3, gen_random_uuid(), 1, 'account/1', 'account.deposited', '{}')",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let error = patiently(run(&store).task).await.unwrap().unwrap_err();
    assert!(matches!(error, ProjectorError::Read { .. }), "{error}");
    assert_eq!(store.projector_status::<Journal>().position().await.unwrap(), GlobalPosition::new(2));
    assert_eq!(journal_and_log(&db).await.0, [1, 2]);
}
