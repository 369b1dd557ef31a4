//! The tables: made by migrations, immutable, and checked.

use eventsourcing::{
    ExpectedVersion, SqliteStore, StoreError,
    sqlx::{self, AssertSqlSafe, raw_sql},
};
use tokio::task::JoinSet;

use crate::support::{Account, Balances, Directory, append, deposit, number};

#[tokio::test(flavor = "multi_thread")]
async fn several_may_open_and_migrate_at_once() {
    let directory = Directory::new();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let file = directory.file();
        tasks.spawn(async move {
            let store = SqliteStore::open(file).await?;
            store.migrate().await?;
            store.verify().await
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap().unwrap();
    }
    let store = directory.store().await;
    assert_eq!(number(store.pool(), "select count(*) from eventsourcing_migrations").await, 6);
}

#[tokio::test]
async fn a_store_without_tables_says_what_to_run() {
    let directory = Directory::new();
    let store = SqliteStore::open(directory.file()).await.unwrap();
    let error = store.verify().await.unwrap_err();
    assert!(matches!(&error, StoreError::Schema { problem, .. } if problem.contains("migrate()")), "{error:?}");
    let error = store.repository::<Account>().load(&"ada".to_owned()).await.unwrap_err();
    assert!(error.to_string().contains("migrate()"), "{error:?}");
}

#[tokio::test]
async fn an_append_before_the_migration_says_what_to_run() {
    let directory = Directory::new();
    let store = SqliteStore::open(directory.file()).await.unwrap();
    let stream = store.stream("account/ada".parse().unwrap());
    let refused = stream.append(ExpectedVersion::Any, deposit(1)).await.unwrap_err();
    assert!(refused.to_string().contains("migrate()"), "{refused:?}");
}

#[tokio::test]
async fn stored_events_are_not_changed_removed_or_replaced() {
    let directory = Directory::new();
    let store = directory.store().await;
    append(&store, "ada").await;
    append(&store, "ada").await;
    let columns = "(stream_id, version, event_id, recorded_at, tag, schema_version, payload)";
    let replace = |version| {
        format!(
            "insert or replace into eventsourcing_events {columns}
             values ('account/ada', {version}, randomblob(16), 1, 't', 1, '{{}}')"
        )
    };
    let at = "insert or replace into eventsourcing_events (position, stream_id, version, event_id, recorded_at, tag, \
              schema_version, payload) values (1, 'account/eve', 1, randomblob(16), 1, 't', 1, '{}')";
    let refused = [
        "update eventsourcing_events set payload = '{}'".to_owned(),
        "delete from eventsourcing_events".to_owned(),
        "delete from eventsourcing_event_types".to_owned(),
        "update eventsourcing_event_types set tag = 'x'".to_owned(),
        replace(1),
        replace(2),
        replace(4),
        at.to_owned(),
        "insert into eventsourcing_maintenance (open) values (1)".to_owned(),
    ];
    let mut stranger = directory.stranger().await;
    let before =
        number(&mut stranger, "select sum(position * version * unicode(hex(event_id))) from eventsourcing_events")
            .await;
    for sql in refused {
        let result = raw_sql(AssertSqlSafe(sql.clone())).execute(&mut stranger).await;
        assert!(result.is_err(), "{sql}");
    }
    let after =
        number(&mut stranger, "select sum(position * version * unicode(hex(event_id))) from eventsourcing_events")
            .await;
    assert_eq!(before, after);
    assert_eq!(append(&store, "ada").await.get(), 3);
}

#[tokio::test]
async fn verify_finds_what_somebody_has_unmade() {
    for (sql, part) in [
        ("drop trigger eventsourcing_events_are_not_removed", "eventsourcing_events_are_not_removed"),
        ("alter table eventsourcing_snapshots add column more text", "eventsourcing_snapshots"),
        ("drop table eventsourcing_checkpoints", "eventsourcing_checkpoints"),
        ("pragma foreign_keys = off; insert into eventsourcing_maintenance (open) values (1)", "left open"),
        ("update eventsourcing_migrations set checksum = x'00' where version = 3", "migration 3"),
        ("insert into eventsourcing_migrations values (900, 'x', x'00', 900, 1)", "newer release"),
        ("delete from eventsourcing_migrations where version = 6", "0006_history"),
    ] {
        let directory = Directory::new();
        let store = directory.store().await;
        store.verify().await.unwrap();
        raw_sql(sql).execute(&mut directory.stranger().await).await.unwrap();
        let error = store.verify().await.unwrap_err();
        assert!(error.to_string().contains(part), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_newer_release_whose_tables_this_one_works_with_is_fine() {
    let directory = Directory::new();
    let store = directory.store().await;
    let newer = "insert into eventsourcing_migrations values (900, 'x', x'00', 6, 1)";
    raw_sql(newer).execute(&mut directory.stranger().await).await.unwrap();
    store.migrate().await.unwrap();
    store.verify().await.unwrap();
}

#[tokio::test]
async fn an_application_keeps_its_own_tables_in_the_file() {
    let directory = Directory::new();
    let mut stranger = directory.pool(|options| options.create_if_missing(true)).acquire().await.unwrap();
    raw_sql("pragma journal_mode = wal").execute(&mut *stranger).await.unwrap();
    raw_sql(Balances::TABLE).execute(&mut *stranger).await.unwrap();
    sqlx::query("insert into balances values ('ada', 1)").execute(&mut *stranger).await.unwrap();
    let store = directory.store().await;
    store.verify().await.unwrap();
    assert_eq!(number(store.pool(), "select cents from balances").await, 1);
}

#[tokio::test]
async fn the_maintenance_of_the_page_runs() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sqlite.md")).unwrap();
    let statements = page.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let directory = Directory::new();
    let store = directory.store().await;
    append(&store, "1").await;
    append(&store, "2").await;
    raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut directory.stranger().await).await.unwrap();
    assert_eq!(number(store.pool(), "select position from eventsourcing_events").await, 2);
    store.verify().await.unwrap();
    assert_eq!(append(&store, "1").await.get(), 1, "the stream begins anew");
}
