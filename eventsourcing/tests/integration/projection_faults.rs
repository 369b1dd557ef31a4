//! What passes does not end a projector; what does not pass ends it aloud. And it takes no connection to wait.

use std::time::Duration;

use eventsourcing::{
    AppendBatch, ExpectedVersion::Any, PgOptions, PgStore, Postgres, Projection, ProjectorError, Recorded, Store,
    StoreError,
};
use sqlx::{ConnectOptions, PgConnection, postgres::PgPoolOptions, raw_sql};
use tokio::sync::Semaphore;
use tracing::Level;

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    logs::Logs,
    patiently,
    proxy::Proxy,
    scripted::{Running, Scripted},
};

async fn db() -> TestDb {
    let db = TestDb::new().await;
    Scripted::create_journal(db.pool()).await;
    db
}

async fn deposit(store: &PgStore, count: usize) -> Option<eventsourcing::GlobalPosition> {
    store.stream(account(1)).append(Any, deposits(count)).await.unwrap().position
}

/// Each fault comes once, below an error of the projection's own.
#[tokio::test(flavor = "multi_thread")]
async fn faults_that_pass_are_waited_out_wherever_they_stand() {
    let db = db().await;
    let store = db.store();
    let raised = ["40001", "40P01", "55P03", "57014", "25006", "53300", "57P01", "57P03"];
    let raised = raised.map(|code| format!("do $$ begin raise exception 'it passes' using errcode = '{code}'; end $$"));
    let real = [
        "select pg_cancel_backend(pg_backend_pid()), pg_sleep(60)",
        "select pg_terminate_backend(pg_backend_pid())",
        "set local statement_timeout = '1ms'; select pg_sleep(60)",
        "set local lock_timeout = '1ms'; select pg_advisory_xact_lock(1)",
        "set transaction read only",
    ];
    let mut other = db.connect().await;
    raw_sql("select pg_advisory_lock(1)").execute(&mut other).await.unwrap();
    for fault in real.map(str::to_owned).into_iter().chain(raised) {
        let projection = Scripted::new([fault]);
        let mut running = Running::start(store.projector(projection.clone()));
        let position = deposit(&store, 2).await;
        running.reaches(&store, position).await;
        running.stop().await.unwrap();
        assert_eq!(projection.left(), 0);
    }
    let applied = Scripted::journal(db.pool()).await;
    let log: Vec<i64> = (1..=i64::try_from(applied.len()).unwrap()).collect();
    assert_eq!((applied.len(), &applied), (26, &log), "each event once");
}

/// A session of the application and a batch want the same two rows, in opposite order; the batch is the victim.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_with_others_is_tried_again() {
    let db = db().await;
    // Whoever waits this long looks for a circle: the batch, which is the first to wait.
    raw_sql(
        "do $$ begin execute format('alter database %I set deadlock_timeout = ''2s''', current_database()); end $$;
         create table rows (id text primary key, n int not null); insert into rows values ('a', 0), ('b', 0)",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let store = PgStore::connect(&db.url()).await.unwrap();
    let projection = Scripted::new(["update rows set n = 1 where id = 'a'; update rows set n = 1 where id = 'b'"]);
    let mut other = db.connect().await;
    raw_sql("set deadlock_timeout = '10min'; begin; update rows set n = 2 where id = 'b'")
        .execute(&mut other)
        .await
        .unwrap();
    let mut running = Running::start(store.projector(projection));
    let position = deposit(&store, 1).await;
    db.until_blocked(1).await;
    patiently(raw_sql("update rows set n = 2 where id = 'a'; commit").execute(&mut other)).await.unwrap();
    running.reaches(&store, position).await;
    running.stop().await.unwrap();
    assert_eq!(Scripted::journal(db.pool()).await, [1]);
}

/// A backup, an administrator, another instance: somebody holds the checkpoint for longer than a statement may take.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_somebody_holds_is_waited_for() {
    let db = db().await;
    raw_sql(
        "do $$ begin execute format('alter database %I set statement_timeout = ''1s''', current_database()); end $$",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let proxy = Proxy::before(db.options());
    let store = PgStore::connect(&proxy.url()).await.unwrap();
    let mut running = Running::start(store.projector(Scripted::default()));
    let position = deposit(&store, 1).await;
    running.reaches(&store, position).await;
    let mut other = db.options().clone().options([("statement_timeout", "0")]).connect().await.unwrap();
    raw_sql("begin; select from eventsourcing.checkpoints for update").execute(&mut other).await.unwrap();
    proxy.take();
    let position = deposit(&store, 1).await;
    let mut tries = 0;
    patiently(async {
        while tries < 3 {
            assert!(!running.task.is_finished(), "{:?}", (&mut running.task).await);
            tries += moves(&proxy);
            tokio::task::yield_now().await;
        }
    })
    .await;
    raw_sql("rollback").execute(&mut other).await.unwrap();
    running.reaches(&store, position).await;
    running.stop().await.unwrap();
    assert_eq!(Scripted::journal(db.pool()).await, [1, 2]);
}

/// How often somebody has tried to move a checkpoint since the last call.
fn moves(proxy: &Proxy) -> usize {
    let trips = proxy.take();
    trips
        .iter()
        .filter(|trip| trip.sql.iter().any(|sql| sql.contains("checkpoints") && sql.contains("update ")))
        .count()
}

/// A projection that stays in `apply` until it is let go, and of which there can be many.
struct Slow<const N: usize>(&'static Semaphore);

impl<const N: usize> Projection<Postgres> for Slow<N> {
    const NAME: &'static str = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][N];
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(&self, _: &[Recorded<AccountEvent>], _: &mut PgConnection) -> Result<(), sqlx::Error> {
        drop(self.0.acquire().await);
        Ok(())
    }
}

/// Ten projections in this store, each held in `apply` until the semaphore lets it go.
fn ten(store: &PgStore, gate: &'static Semaphore) -> Vec<Running<sqlx::Error>> {
    macro_rules! start {
        ($($n:literal)*) => { vec![$(Running::start(store.projector(Slow::<$n>(gate)))),*] };
    }
    start!(0 1 2 3 4 5 6 7 8 9)
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_that_wait_for_others_hold_no_connection() {
    let db = db().await;
    let gate: &'static Semaphore = Box::leak(Box::new(Semaphore::new(0)));
    let first = db.store();
    let active = ten(&first, gate);
    deposit(&first, 1).await;
    let mut watcher = db.connect().await;
    let sql = "select count(*) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'";
    patiently(async {
        while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut watcher).await.unwrap() < 10 {
            tokio::task::yield_now().await;
        }
    })
    .await;

    let proxy = Proxy::before(db.options());
    let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(10));
    let pool = pool.connect(&proxy.url()).await.unwrap();
    let second = PgStore::new(pool.clone());
    let passive = ten(&second, gate);
    let mut tries = 0;
    patiently(async {
        while tries < 2 {
            tries += moves(&proxy);
            tokio::task::yield_now().await;
        }
    })
    .await;
    let position = deposit(&second, 1).await.unwrap();
    gate.close();
    patiently(second.projector_status::<Slow<9>>().reached(position)).await.unwrap();
    for running in active.into_iter().chain(passive) {
        running.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projector_that_ends_says_so_whoever_awaits_it() {
    let db = db().await;
    let store = db.store();
    deposit(&store, 1).await;
    let logs = Logs::default();
    let run = store.projector(Scripted::new(["select 1 / 0"])).run(std::future::pending());
    let ended = patiently(logs.of(run)).await;
    assert!(matches!(ended, Err(ProjectorError::Apply { .. })), "{ended:?}");
    let errors = logs.at(Level::ERROR);
    assert!(errors.len() == 1 && errors[0].contains("scripted"), "{errors:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_apply_is_an_error_and_leaves_a_clean_connection() {
    let db = db().await;
    let pool = PgPoolOptions::new().max_connections(1).connect_with(db.options().clone()).await.unwrap();
    let store = PgStore::new(pool);
    deposit(&store, 2).await;
    let logs = Logs::default();
    let run = store.projector(Scripted::new(["panic"])).run(std::future::pending());
    let task = tokio::spawn(logs.of(run));
    let ended = patiently(task).await.expect("the panic does not leave the projector");
    assert!(ended.unwrap_err().to_string().contains("as the script says"));
    assert_eq!(logs.at(Level::ERROR).len(), 1);
    // The one connection serves again, and the batch was rolled back.
    let mut running = Running::start(store.projector(Scripted::default()));
    let position = deposit(&store, 1).await;
    running.reaches(&store, position).await;
    running.stop().await.unwrap();
    assert_eq!(Scripted::journal(db.pool()).await, [1, 2, 3]);
}

/// Ignores that its statement fails.
struct Careless;

impl Projection<Postgres> for Careless {
    const NAME: &'static str = "careless";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(&self, _: &[Recorded<AccountEvent>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        drop(raw_sql("insert into missing values (1)").execute(connection).await);
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_whose_failure_is_ignored_ends_it_before_the_batch() {
    let db = db().await;
    let store = db.store();
    deposit(&store, 1).await;
    let ended = patiently(store.projector(Careless).run(std::future::pending())).await;
    assert!(matches!(ended, Err(ProjectorError::Store(StoreError::TransactionAborted))), "{ended:?}");
    assert_eq!(store.projector_status::<Careless>().position().await.unwrap(), None);
}

/// Appends to another stream for each event, up to a number of hops.
struct Relay(PgStore);

impl Projection<Postgres> for Relay {
    const NAME: &'static str = "relay";
    type Event = AccountEvent;
    type Error = StoreError;

    async fn apply(&self, batch: &[Recorded<AccountEvent>], connection: &mut PgConnection) -> Result<(), StoreError> {
        for recorded in batch.iter().filter(|recorded| recorded.position.get() < 5) {
            let next = account(u32::try_from(recorded.position.get()).unwrap() + 1);
            let mut within = self.0.in_transaction(connection);
            if recorded.position.get() % 2 == 0 {
                let mut batch = AppendBatch::new();
                batch.add(next, Any, deposits(1)).unwrap();
                within.append_batch(batch).await.unwrap();
            } else {
                within.stream::<AccountEvent>(next).append(Any, deposits(1)).await.unwrap();
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_appended_inside_apply_wakes_the_readers_after_the_commit() {
    let db = db().await;
    // Nobody polls, so that only a wake-up can bring the projector forward.
    let store: PgStore = Store::over(db.backend()).with_poll_interval(Duration::from_hours(24));
    let running = Running::start(store.projector(Relay(store.clone())));
    deposit(&store, 1).await;
    patiently(store.projector_status::<Relay>().reached(eventsourcing::GlobalPosition::new(5).unwrap())).await.unwrap();
    running.stop().await.unwrap();
}

/// In the middle of a batch, all connections fall silent, and nothing is closed. The batch is given up on both ends: its
/// worker goes on with another connection, and the server lets go of the checkpoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_on_a_silent_connection_is_given_up() {
    let db = db().await;
    let proxy = Proxy::before(db.options());
    let options = PgOptions::new().answer_timeout(Duration::from_millis(500)).max_connections(4);
    let store =
        PgStore::connect_with(&proxy.url(), options).await.unwrap().with_poll_interval(Duration::from_millis(50));
    let mut other = db.connect().await;
    raw_sql("select pg_advisory_lock(1)").execute(&mut other).await.unwrap();
    let projection = Scripted::new(["select pg_advisory_xact_lock(1)"]);
    let projector = store.projector(projection.clone()).batch_timeout(Duration::from_secs(1));
    let mut running = Running::start(projector);
    let position = deposit(&db.store(), 2).await;
    db.until_blocked(1).await;
    proxy.freeze();
    raw_sql("select pg_advisory_unlock(1)").execute(&mut other).await.unwrap();
    running.reaches(&db.store(), position).await;
    running.stop().await.unwrap();
    assert_eq!((projection.left(), Scripted::journal(db.pool()).await), (0, vec![1, 2]));
}
