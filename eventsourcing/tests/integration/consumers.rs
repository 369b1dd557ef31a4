//! A checkpoint knows whose it is and which events it has passed: nothing is skipped in silence, neither by a projection
//! that learns a type, nor by two releases side by side, nor by two projections of one name.

use eventsourcing::{
    Event, EventId, ExpectedVersion::Any, GlobalPosition, PgStore, Postgres, Projection, Projector, ProjectorError,
    Recorded, StoreError, StreamId, Tag, port::Checkpoints,
};
use sqlx::{AssertSqlSafe, PgConnection, raw_sql};
use tracing::Level;

use crate::support::{
    TestDb,
    account::{account, deposits},
    logs::Logs,
    patiently,
    proxy::Proxy,
    scripted::{Running, Scripted},
};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "common", unlocked)]
enum Common {
    Happened { n: i64 },
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "rare", unlocked)]
enum Rare {
    Happened { n: i64 },
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(unlocked)]
enum Both {
    #[event(nested)]
    Common(Common),
    #[event(nested)]
    Rare(Rare),
}

/// How much an event adds to the sum of its type.
trait Amount: Event {
    fn amount(&self) -> (i64, i64);
}

impl Amount for Common {
    fn amount(&self) -> (i64, i64) {
        let Self::Happened { n } = self;
        (*n, 0)
    }
}

impl Amount for Rare {
    fn amount(&self) -> (i64, i64) {
        let Self::Happened { n } = self;
        (0, *n)
    }
}

impl Amount for Both {
    fn amount(&self) -> (i64, i64) {
        match self {
            Self::Common(event) => event.amount(),
            Self::Rare(event) => event.amount(),
        }
    }
}

/// The releases of one projection, by the events that they take.
struct Sums<E>(std::marker::PhantomData<fn() -> E>);

impl<E: Amount> Projection<Postgres> for Sums<E> {
    const NAME: &'static str = "sums";
    type Event = E;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<E>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for recorded in batch {
            let (common, rare) = recorded.event.amount();
            let update = sqlx::query("update sums set common = common + $1, rare = rare + $2").bind(common).bind(rare);
            update.execute(&mut *connection).await?;
        }
        Ok(())
    }
}

async fn db() -> TestDb {
    let db = TestDb::new().await;
    let sql = "create table sums (common bigint, rare bigint); insert into sums values (0, 0)";
    raw_sql(sql).execute(db.pool()).await.unwrap();
    db
}

async fn sums(db: &TestDb) -> (i64, i64) {
    sqlx::query_as("select common, rare from sums").fetch_one(db.pool()).await.unwrap()
}

async fn append<E: Event>(store: &PgStore, events: impl IntoIterator<Item = E>) -> GlobalPosition {
    let stream = store.stream::<E>(StreamId::new("things", 1).unwrap());
    stream.append(Any, events).await.unwrap().position.unwrap()
}

async fn common(store: &PgStore) -> GlobalPosition {
    append(store, [Common::Happened { n: 1 }]).await
}

async fn rare(store: &PgStore) -> GlobalPosition {
    append(store, [Rare::Happened { n: 11 }]).await
}

fn projector<E: Amount>(store: &PgStore) -> Projector<Sums<E>> {
    store.projector(Sums(std::marker::PhantomData))
}

/// Runs until it has come to a position.
async fn run_to<P: Projection<Postgres>>(
    store: &PgStore,
    projector: Projector<P>,
    position: GlobalPosition,
) -> Result<(), ProjectorError<P::Error>> {
    let status = store.projector_status::<P>();
    patiently(projector.run(async { status.reached(position).await.unwrap() })).await
}

/// Runs a projector that is expected to end by itself.
async fn refusal<P: Projection<Postgres>>(projector: Projector<P>) -> ProjectorError<P::Error> {
    patiently(projector.run(std::future::pending())).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_that_learns_a_type_is_refused_while_its_past_is_unseen() {
    let db = db().await;
    let store = db.store();
    for _ in 0..3 {
        common(&store).await;
        rare(&store).await;
    }
    let last = common(&store).await;
    run_to(&store, projector::<Common>(&store), last).await.unwrap();

    // The next release is another process.
    let store = db.store();
    let refused = refusal(projector::<Both>(&store)).await;
    let ProjectorError::UnseenEvents { projection, checkpoint, unseen } = &refused else { panic!("{refused}") };
    assert_eq!((*projection, *checkpoint, unseen.len()), ("sums", last, 1));
    assert_eq!((&unseen[0].tag, unseen[0].first_position.get()), (&Tag::from_static("rare.happened"), 2));
    assert_eq!(sums(&db).await, (4, 0));

    // One choice: from the beginning.
    let mut transaction = store.begin().await.unwrap();
    store.projector_status::<Sums<Both>>().reset(transaction.connection()).await.unwrap();
    raw_sql("update sums set common = 0, rare = 0").execute(transaction.connection()).await.unwrap();
    transaction.commit().await.unwrap();
    // Nobody else begins anew without them.
    let consumer = store.backend().consumer("sums").await.unwrap();
    assert_eq!((consumer.resume, consumer.declared.map(|all| all.len())), (None, Some(2)));
    run_to(&store, projector::<Both>(&store), last).await.unwrap();
    assert_eq!(sums(&db).await, (4, 33));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_may_go_on_without_a_past_and_the_store_remembers_it() {
    let db = db().await;
    let store = db.store();
    rare(&store).await;
    let last = common(&store).await;
    run_to(&store, projector::<Common>(&store), last).await.unwrap();

    let next = db.store();
    let of_another = projector::<Both>(&next).without_past_of(["rare.other"]);
    let refused = refusal(of_another).await;
    assert!(matches!(refused, ProjectorError::UnseenEvents { .. }), "{refused}");
    let position = rare(&next).await;
    run_to(&next, projector::<Both>(&next).without_past_of(["rare.happened"]), position).await.unwrap();
    assert_eq!(sums(&db).await, (1, 11));
    let position = rare(&next).await;
    run_to(&next, projector::<Both>(&next), position).await.unwrap();
    assert_eq!(sums(&db).await, (1, 22));
    let declared = next.backend().consumer("sums").await.unwrap().declared.unwrap();
    let after: Vec<_> = declared.iter().map(|of| (of.tag.as_str(), of.after)).collect();
    assert_eq!(after, [("common.happened", None), ("rare.happened", Some(last))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projection_learns_a_type_that_has_no_past() {
    let db = db().await;
    let store = db.store();
    let last = common(&store).await;
    run_to(&store, projector::<Common>(&store), last).await.unwrap();
    rare(&store).await;
    let last = common(&store).await;
    // Stored, but behind the checkpoint.
    let next = db.store();
    run_to(&next, projector::<Both>(&next), last).await.unwrap();
    assert_eq!(sums(&db).await, (2, 11));
}

/// The old release runs beside the new one, which is down for a while, and is then rolled back.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_release_does_not_pass_over_what_a_new_one_takes() {
    let db = db().await;
    let (old, new) = (db.store(), db.store());
    let logs = Logs::default();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async move { drop(stopped.await) };
    let running = tokio::spawn(logs.of(projector::<Common>(&old).run(shutdown)));
    let status = old.projector_status::<Sums<Common>>();
    let first = common(&old).await;
    patiently(status.reached(first)).await.unwrap();

    // It says what it takes before there is any, and stops.
    while new.backend().consumer("sums").await.unwrap().declared.is_none_or(|declared| declared.len() < 2) {
        run_to(&new, projector::<Both>(&new), first).await.unwrap();
    }
    rare(&new).await;
    let last = common(&new).await;
    patiently(async {
        while logs.at(Level::WARN).is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(logs.at(Level::WARN)[0].contains("rare.happened"), "{:?}", logs.at(Level::WARN));
    assert_eq!((status.position().await.unwrap(), sums(&db).await), (Some(first), (1, 0)));
    run_to(&new, projector::<Both>(&new), last).await.unwrap();
    assert_eq!(sums(&db).await, (2, 11));

    // Rolled back: the old one goes on when it is told to, and the new one knows what it has missed.
    status.forget_unknown_events().await.unwrap();
    rare(&old).await;
    let last = common(&old).await;
    patiently(status.reached(last)).await.unwrap();
    drop(stop);
    patiently(running).await.unwrap().unwrap();
    assert_eq!(sums(&db).await, (3, 11));
    let refused = refusal(projector::<Both>(&new)).await;
    assert!(matches!(refused, ProjectorError::UnseenEvents { .. }), "{refused}");
}

/// Another projection with the name of `Sums`.
struct Namesake;

impl Projection<Postgres> for Namesake {
    const NAME: &'static str = "sums";
    type Event = Common;
    type Error = sqlx::Error;

    async fn apply(&self, _: &[Recorded<Common>], _: &mut PgConnection) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_projections_of_one_name_do_not_share_out_the_events() {
    let db = db().await;
    let store = db.store();
    let (one, again) = (Running::start(projector::<Common>(&store)), Running::start(projector::<Common>(&store)));
    let status = store.projector_status::<Sums<Common>>();
    let first = common(&store).await;
    patiently(status.reached(first)).await.unwrap();
    let refused = refusal(store.projector(Namesake)).await;
    assert!(matches!(refused, ProjectorError::NameTaken { projection: "sums" }), "{refused}");
    let mut last = first;
    for _ in 0..61 {
        last = common(&store).await;
    }
    patiently(status.reached(last)).await.unwrap();
    // Two instances of the same one are welcome.
    one.stop().await.unwrap();
    again.stop().await.unwrap();
    assert_eq!(sums(&db).await, (62, 0));

    // In another process they are told by what they take.
    let other = db.store();
    let refused = refusal(projector::<Rare>(&other)).await;
    let ProjectorError::OtherConsumer { unknown, .. } = &refused else { panic!("{refused}") };
    assert_eq!(unknown, &[Tag::from_static("common.happened")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_of_another_kind_is_refused() {
    let db = db().await;
    let store = db.store();
    let start = store.backend().checkpoint("sums").await.unwrap();
    store.backend().declare("sums", start, "handler", &[]).await.unwrap().unwrap();
    let refused = refusal(projector::<Common>(&store)).await;
    assert!(matches!(refused, ProjectorError::OtherConsumer { .. }), "{refused}");
}

/// What an earlier release of the library took is not known: it is believed to be what this one takes, from now on in writing.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_that_declares_nothing_is_adopted() {
    let db = db().await;
    let store = db.store();
    for _ in 0..3 {
        common(&store).await;
    }
    let sql = "insert into eventsourcing.checkpoints (name, position) values ('sums', 2)";
    raw_sql(sql).execute(db.pool()).await.unwrap();
    run_to(&store, projector::<Common>(&store), GlobalPosition::new(3).unwrap()).await.unwrap();
    assert_eq!(sums(&db).await, (1, 0));
    let consumer = store.backend().consumer("sums").await.unwrap();
    assert_eq!((consumer.kind.as_deref(), consumer.declared.map(|all| all.len())), (Some("projection"), Some(1)));
}

async fn maintain(db: &TestDb, sql: &str) {
    let sql = format!("begin; select eventsourcing.begin_maintenance(); {sql}; commit");
    raw_sql(AssertSqlSafe(sql)).execute(&mut db.connect().await).await.unwrap();
}

/// The checkpoint is in the database of the log, so only an erasure can leave it above the last event.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_at_an_erased_event_goes_on() {
    let db = db().await;
    for erased in ["position = 3", "position > 1", "true"] {
        let store = db.store();
        let last = {
            common(&store).await;
            common(&store).await
        };
        run_to(&store, projector::<Common>(&store), last).await.unwrap();
        let before = sums(&db).await.0;
        maintain(&db, &format!("delete from eventsourcing.events where {erased}")).await;
        let store = db.store();
        let last = common(&store).await;
        run_to(&store, projector::<Common>(&store), last).await.unwrap();
        assert_eq!(sums(&db).await, (before + 1, 0), "{erased}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_of_another_history_is_refused() {
    let db = db().await;
    let store = db.store();
    let last = {
        common(&store).await;
        common(&store).await
    };
    run_to(&store, projector::<Common>(&store), last).await.unwrap();
    let another = EventId::new();
    maintain(
        &db,
        &format!(
            "delete from eventsourcing.events where position = 2;
             insert into eventsourcing.events (position, version, event_id, schema_version, stream_id, tag, payload)
             values (2, 2, '{another}', 1, 'things/1', 'common.happened', '{{\"n\":1}}')"
        ),
    )
    .await;
    let refused = refusal(projector::<Common>(&store)).await;
    assert!(
        matches!(refused, ProjectorError::Store(StoreError::CheckpointDiverged { checkpoint }) if checkpoint == last),
        "{refused}"
    );
    raw_sql("update eventsourcing.checkpoints set position = 100").execute(db.pool()).await.unwrap();
    let refused = refusal(projector::<Common>(&store)).await;
    let ProjectorError::Store(ahead) = &refused else { panic!("{refused}") };
    assert!(matches!(ahead, StoreError::CheckpointAhead { .. }), "{refused}");
    assert_eq!(sums(&db).await, (2, 0));
}

/// Whoever waits for a projection outlasts what passes.
#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_a_position_outlasts_faults_that_pass() {
    let db = TestDb::new().await;
    Scripted::create_journal(db.pool()).await;
    let position = db.store().stream(account(1)).append(Any, deposits(1)).await.unwrap().position.unwrap();
    run_to(&db.store(), db.store().projector(Scripted::default()), position).await.unwrap();
    raw_sql(
        "do $$ begin execute format('alter database %I set statement_timeout = ''100ms''', current_database()); end $$",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let mut holder = db.connect().await;
    raw_sql("set statement_timeout = 0; begin; lock table eventsourcing.checkpoints")
        .execute(&mut holder)
        .await
        .unwrap();
    let proxy = Proxy::before(db.options());
    let store = PgStore::connect(&proxy.url()).await.unwrap();
    let waiting = tokio::spawn(async move { store.projector_status::<Scripted>().reached(position).await });
    let mut looks = 0;
    patiently(async {
        while looks < 3 {
            assert!(!waiting.is_finished());
            looks += proxy.take().iter().filter(|trip| trip.sql.iter().any(|sql| sql.contains("checkpoints"))).count();
            tokio::task::yield_now().await;
        }
    })
    .await;
    raw_sql("commit").execute(&mut holder).await.unwrap();
    patiently(waiting).await.unwrap().unwrap();
}
