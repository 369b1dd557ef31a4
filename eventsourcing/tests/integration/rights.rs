//! A role without DDL rights or ownership, with just the documented grants, can do everything but migrate; and `verify`
//! notices a log that the guarantees cannot rest on.

use std::time::Duration;

use eventsourcing::{After, ExpectedVersion, PgOptions, PgStore, Postgres, Projection, Recorded, StoreError};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, postgres::PgPoolOptions, raw_sql};
use tokio::task::yield_now;
use uuid::Uuid;

use crate::support::{
    TestDb,
    account::{Account, AccountEvent, Cached, Deposit, account, deposits},
    patiently,
};

const GRANTS: &str = include_str!("../../docs/grants.sql");

struct Nothing;

impl Projection<Postgres> for Nothing {
    const NAME: &'static str = "nothing";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(&self, _: &[Recorded<AccountEvent>], _: &mut PgConnection) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

async fn run(pool: &PgPool, sql: String) {
    raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_grants_are_enough() {
    let db = TestDb::new().await;
    let role = format!("app_{}", Uuid::now_v7().simple());
    run(db.pool(), format!("create role {role}; {}", GRANTS.replace(" app;", &format!(" {role};")))).await;
    let options = db.options().clone().options([("role", role.as_str())]);
    // One connection: nothing waits for a second one while it holds the first.
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let store = PgStore::with_options(pool.clone(), PgOptions::new()).unwrap();
    patiently(Box::pin(everything(&store))).await;
    pool.close().await;
    run(db.pool(), format!("drop owned by {role}; drop role {role}")).await;
}

async fn everything(store: &PgStore) {
    store.verify().await.unwrap();
    let stream = store.stream::<AccountEvent>(account(1));
    let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    stream.append(ExpectedVersion::NoStream, deposits(12)).await.unwrap();
    assert!(stream.append(ExpectedVersion::NoStream, deposits(1)).await.is_err());
    for version in 1..=12 {
        assert_eq!(subscription.next().await.unwrap().version.get(), version);
    }
    store.repository::<Account>().execute(&1, Deposit(1)).await.unwrap();
    let cached = store.repository::<Cached>();
    let mut root = cached.load(&1).await.unwrap();
    root.record(AccountEvent::Deposited { cents: 1 });
    cached.save(&mut root).await.unwrap();
    // It is stored in the background.
    while cached.load(&1).await.unwrap().applied > 0 {
        yield_now().await;
    }
    assert!(store.blockers().await.unwrap().is_empty());
    store.verify_history::<AccountEvent>().await.unwrap();
    let mut read = store.all::<AccountEvent>().read();
    let mut last = None;
    while let Some(recorded) = read.next().await {
        last = Some(recorded.unwrap().position);
    }
    let (projector, status) = (store.projector(Nothing), store.projector_status::<Nothing>());
    let reached = async { status.reached(last.unwrap()).await.unwrap() };
    projector.run(reached).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    transaction.stream::<AccountEvent>(account(2)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn verify_notices_a_log_that_is_not_what_it_was() {
    for (spoil, repair) in [
        (
            "alter table eventsourcing.events disable trigger events_are_immutable",
            "alter table eventsourcing.events enable always trigger events_are_immutable",
        ),
        (
            "drop trigger events_position_is_given on eventsourcing.events",
            "create trigger events_position_is_given before insert on eventsourcing.events for each row
             when (new.position > coalesce(pg_sequence_last_value('eventsourcing.events_position'), 0))
             execute function eventsourcing.refuse_given_position()",
        ),
        (
            "alter table eventsourcing.events disable trigger events_position_is_given",
            "alter table eventsourcing.events enable trigger events_position_is_given",
        ),
        ("alter table eventsourcing.events set unlogged", "alter table eventsourcing.events set logged"),
        (
            "alter table eventsourcing.events alter position drop default",
            "alter table eventsourcing.events alter position set default nextval('eventsourcing.events_position')",
        ),
        (
            "alter table eventsourcing.events drop constraint events_stream_id_version_key",
            "alter table eventsourcing.events add constraint events_stream_id_version_key unique (stream_id, version)",
        ),
        (
            "alter sequence eventsourcing.events_position cache 10",
            "alter sequence eventsourcing.events_position cache 1",
        ),
    ] {
        let db = TestDb::new().await;
        db.store().verify().await.unwrap();
        run(db.pool(), spoil.to_owned()).await;
        let result = db.store().verify().await;
        assert!(matches!(result, Err(StoreError::Unfit { .. })), "{spoil}: {result:?}");
        run(db.pool(), repair.to_owned()).await;
        db.store().verify().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projector_ends_when_its_pool_is_closed() {
    let db = TestDb::new().await;
    let pool = PgPoolOptions::new().max_connections(2).connect_with(db.options().clone()).await.unwrap();
    let store = PgStore::new(pool.clone()).with_poll_interval(Duration::from_millis(10));
    pool.close().await;
    let result = patiently(store.projector(Nothing).run(std::future::pending())).await;
    assert!(result.is_err(), "{result:?}");
}
