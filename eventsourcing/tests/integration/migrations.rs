//! `migrate` makes the store's tables wherever it may; `verify` says what is wrong and changes nothing.

use eventsourcing::{
    ExpectedVersion::NoStream,
    PgOptions, PgStore, Postgres,
    port::{Administration, AppendError, Checkpoints, StoreError, Tail, Tails},
    postgres,
    testing::ClusterOptions,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Row, postgres::PgPoolOptions, raw_sql};
use tokio::{join, task::JoinSet};
use uuid::Uuid;

use crate::support::{
    TestDb, patiently,
    port::{append, length, run},
};

async fn execute(db: &TestDb, sql: impl Into<String>) {
    raw_sql(AssertSqlSafe(sql.into())).execute(db.pool()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_processes_can_migrate_at_once_and_again() {
    let db = TestDb::unmigrated().await;
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let store = db.backend();
        tasks.spawn(async move { store.migrate().await });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    let store = db.backend();
    run(&store, &append("account/1", NoStream, 2)).await.unwrap();
    store.migrate().await.unwrap();
    store.verify().await.unwrap();
    assert_eq!(length(&store, "account/1").await, 2);
}

#[tokio::test]
async fn a_schema_that_appears_in_the_middle_is_used() {
    let db = TestDb::unmigrated().await;
    let mut other = db.pool().begin().await.unwrap();
    sqlx::raw_sql("create schema eventsourcing").execute(&mut *other).await.unwrap();
    let store = db.store();
    let (migrated, ()) = patiently(async {
        join!(store.migrate(), async {
            // It does not see the schema yet, and waits for the one who creates it.
            db.until_blocked(1).await;
            other.commit().await.unwrap();
        })
    })
    .await;
    migrated.unwrap();
    store.verify().await.unwrap();
}

/// The application's own migrations have a table of the same kind, and the same advisory lock.
#[tokio::test]
async fn migrations_stand_beside_the_applications_own() {
    let db = TestDb::unmigrated().await;
    let own = || {
        sqlx::migrate::Migrator::with_migrations(vec![sqlx::migrate::Migration::new(
            1,
            "own".into(),
            sqlx::migrate::MigrationType::Simple,
            sqlx::SqlStr::from_static("create table events (n int)"),
            false,
        )])
    };
    own().run(db.pool()).await.unwrap();
    db.backend().migrate().await.unwrap();
    own().run(db.pool()).await.unwrap();
    db.backend().migrate().await.unwrap();
    db.backend().verify().await.unwrap();
}

/// A failed run leaves no lock behind, so the next one does not wait for ever.
#[tokio::test]
async fn a_failed_migration_can_be_run_again() {
    let db = TestDb::unmigrated().await;
    execute(&db, "create schema eventsourcing; create table eventsourcing.snapshots (n int)").await;
    let error = db.backend().migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    execute(&db, "drop table eventsourcing.snapshots").await;
    db.backend().migrate().await.unwrap();
    db.backend().verify().await.unwrap();
}

#[tokio::test]
async fn without_tables_every_error_says_to_migrate() {
    let db = TestDb::unmigrated().await;
    let store = db.backend();
    let errors = [
        store.verify().await.unwrap_err(),
        match run(&store, &append("account/1", NoStream, 1)).await.unwrap_err() {
            AppendError::Store(error) => error,
            error => panic!("{error}"),
        },
        store.checkpoint("consumer").await.unwrap_err(),
        store.tail().await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::Schema { .. } | StoreError::Unfit { .. }), "{error:?}");
        assert!(error.to_string().contains("`migrate()`"), "{error}");
    }
}

#[tokio::test]
async fn verify_names_what_is_wrong() {
    let table = "update eventsourcing._migrations set";
    for (change, says) in [
        ("delete from eventsourcing._migrations where version = 5".to_owned(), "has not been run"),
        (format!("{table} checksum = 'x' where version = 2"), "migration 2"),
        (format!("{table} success = false where version = 3"), "migration 3"),
        (format!("{table} version = 9999, needed = 9999 where version = 5"), "newer release"),
        (
            "alter table eventsourcing.event_types disable trigger event_types_are_immutable".to_owned(),
            "event_types_are_immutable",
        ),
        ("alter table eventsourcing.events disable trigger events_are_immutable".to_owned(), "events_are_immutable"),
        ("alter sequence eventsourcing.events_position cache 10".to_owned(), "cache 1"),
        ("alter sequence eventsourcing.events_position increment by 2".to_owned(), "count up by 1"),
        ("alter sequence eventsourcing.events_position cycle".to_owned(), "count up by 1"),
        ("select setval('eventsourcing.events_position', 1, false)".to_owned(), "repair()"),
    ] {
        let db = TestDb::new().await;
        let store = db.backend();
        run(&store, &append("account/1", NoStream, 3)).await.unwrap();
        store.verify().await.unwrap();
        execute(&db, &change).await;
        let error = store.verify().await.unwrap_err();
        assert!(matches!(error, StoreError::Schema { .. } | StoreError::Unfit { .. }), "{change}: {error:?}");
        assert!(error.to_string().contains(says), "{change}: {error}");
    }
}

/// What `migrate` says of tables that are not of this release names the table, and what helps.
#[tokio::test]
async fn migrating_what_is_not_of_this_release_says_what_to_do() {
    for (change, says) in [
        ("version = 9999, needed = 9999 where version = 5", ["newer release", "update this program"]),
        ("success = false where version = 3", ["failed half-way", "\"eventsourcing\"._migrations"]),
        ("checksum = 'x' where version = 2", ["migration 2", "another release"]),
    ] {
        let db = TestDb::new().await;
        execute(&db, &format!("update eventsourcing._migrations set {change}")).await;
        let error = db.store().migrate().await.unwrap_err();
        assert!(matches!(error, StoreError::Schema { .. }), "{change}: {error:?}");
        let error = error.to_string();
        assert!(says.iter().all(|says| error.contains(says)), "{change}: {error}");
        assert!(!error.contains("migrate()") && !error.contains("_sqlx_migrations"), "{change}: {error}");
    }
}

/// An instance of the old release that restarts after the new one has migrated.
#[tokio::test]
async fn a_newer_release_that_leaves_room_for_this_one_is_no_fault() {
    let db = TestDb::new().await;
    let store = db.store();
    let known = postgres::MIGRATIONS.last().unwrap().0;
    let newer = |version: i64, needed: &str| {
        format!(
            "insert into eventsourcing._migrations (version, description, success, checksum, execution_time, needed)
             values ({version}, 'newer', true, '', 0, {needed})"
        )
    };
    execute(&db, newer(known + 1, &known.to_string())).await;
    store.verify().await.unwrap();
    store.migrate().await.unwrap();
    for needed in [(known + 2).to_string(), "null".to_owned()] {
        execute(&db, newer(known + 2, &needed)).await;
        for refused in [store.verify().await, store.migrate().await] {
            let Err(StoreError::Schema { problem, .. }) = refused else { panic!("{refused:?}") };
            assert!(problem.contains("_migrations") && problem.contains(&format!("up to {known}")), "{problem}");
        }
        execute(&db, format!("delete from eventsourcing._migrations where version = {}", known + 2)).await;
    }
    // Tables that an older release has made say nothing of it.
    execute(&db, "delete from eventsourcing._migrations where version > 10").await;
    execute(&db, "alter table eventsourcing._migrations drop column needed").await;
    store.verify().await.unwrap();
}

/// So a service can call it at each start, whoever it runs as.
#[tokio::test]
async fn a_role_that_may_not_migrate_has_nothing_to_do_where_nothing_is_to_do() {
    let db = TestDb::new().await;
    let role = format!("service_{}", Uuid::now_v7().simple());
    execute(
        &db,
        format!(
            "create role {role};
             grant usage on schema eventsourcing to {role};
             grant select on eventsourcing._migrations to {role};"
        ),
    )
    .await;
    let set_role = format!("set role {role}");
    let pool = PgPoolOptions::new().after_connect(move |connection, _| {
        let set_role = AssertSqlSafe(set_role.clone());
        Box::pin(async move { sqlx::raw_sql(set_role).execute(connection).await.map(drop) })
    });
    let store = PgStore::new(pool.connect_with(db.options().clone()).await.unwrap());
    store.migrate().await.unwrap();
    execute(&db, "delete from eventsourcing._migrations where version = 5").await;
    let error = store.migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Schema { .. }), "{error:?}");
    assert!(error.to_string().contains("with a role that may create tables"), "{error}");
    store.pool().close().await;
    execute(&db, format!("drop owned by {role}; drop role {role}")).await;
}

#[tokio::test]
async fn another_encoding_is_unfit() {
    let db = TestDb::with_encoding("LATIN1").await;
    let store = db.backend();
    for error in [store.migrate().await.unwrap_err(), store.verify().await.unwrap_err()] {
        assert!(matches!(error, StoreError::Unfit { .. }) && error.to_string().contains("LATIN1"), "{error}");
    }
}

/// What a role needs that serves requests: no right to create anything.
#[tokio::test]
async fn an_ordinary_role_appends_reads_and_verifies() {
    let db = TestDb::new().await;
    let role = format!("service_{}", Uuid::now_v7().simple());
    execute(
        &db,
        format!(
            "create role {role};
             grant usage on schema eventsourcing to {role};
             grant select, insert on all tables in schema eventsourcing to {role};
             grant update on eventsourcing.checkpoints, eventsourcing.snapshots to {role};
             grant usage, select on all sequences in schema eventsourcing to {role}"
        ),
    )
    .await;
    let options = db.options().clone().options([("role", &role)]);
    let pool = PgPoolOptions::new().max_connections(2).connect_with(options).await.unwrap();
    let store = Postgres::with_options(pool, PgOptions::new()).unwrap();
    store.verify().await.unwrap();
    run(&store, &append("account/1", NoStream, 2)).await.unwrap();
    assert_eq!(length(&store, "account/1").await, 2);
    let mut tail = store.tail().await.unwrap();
    assert!(tail.settle().await.unwrap().is_some());
    assert!(store.blockers().await.unwrap().is_empty());
    store.checkpoint("consumer").await.unwrap();
    store.pool().close().await;
    drop(tail);
    execute(&db, format!("drop owned by {role}; drop role {role}")).await;
}

/// A standby cannot say which transactions are in flight on its primary.
#[tokio::test]
async fn a_standby_is_refused() {
    let cluster = ClusterOptions::new().start().unwrap();
    let db = TestDb::on(&cluster).await;
    std::fs::write(cluster.directory().join("data/standby.signal"), "").unwrap();
    cluster.restart().unwrap();
    let mut standby = db.options().connect().await.unwrap();
    let row = sqlx::query("select pg_is_in_recovery()").fetch_one(&mut standby).await.unwrap();
    assert!(row.get::<bool, _>(0), "the server is no standby, so this run shows nothing");
    let store = Postgres::connect(&db.url(), PgOptions::new()).await.unwrap();
    assert!(matches!(store.verify().await, Err(StoreError::Standby)));
    assert!(matches!(store.tail().await, Err(StoreError::Standby)));
    let error = run(&store, &append("account/1", NoStream, 1)).await.unwrap_err();
    assert!(matches!(error, AppendError::Store(StoreError::ReadOnly)), "{error:?}");
}

/// Who looks at the tables without the library at hand is told what they are.
#[tokio::test]
async fn everything_in_the_schema_has_a_comment() {
    let db = TestDb::new().await;
    let silent = sqlx::query(
        "select c.relname || coalesce('.' || a.attname, '')
            from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and c.relkind = 'r'
            where c.relnamespace = 'eventsourcing'::regnamespace and c.relkind in ('r', 'S') and c.relname <> '_migrations'
                and (col_description(c.oid, a.attnum) is null and a.attnum is not null
                    or obj_description(c.oid, 'pg_class') is null)
         union all
         select p.proname from pg_proc p
            where p.pronamespace = 'eventsourcing'::regnamespace and obj_description(p.oid, 'pg_proc') is null",
    );
    let silent = silent.fetch_all(db.pool()).await.unwrap();
    let silent: Vec<String> = silent.iter().map(|row| row.get(0)).collect();
    assert!(silent.is_empty(), "without a comment: {silent:?}");
}
