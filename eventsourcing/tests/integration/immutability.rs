//! G11: the database itself refuses to change stored events, except in an explicit maintenance operation of their owner.

use eventsourcing::ExpectedVersion::{Any, NoStream};
use sqlx::{AssertSqlSafe, Connection, PgConnection, raw_sql};
use uuid::Uuid;

use crate::support::{
    TestDb,
    port::{append, length, read, run},
};

const CHANGES: [&str; 9] = [
    "update eventsourcing.events set payload = '{}'",
    // Matches no row, and is refused as well.
    "update eventsourcing.events set tag = 'other' where position < 0",
    "delete from eventsourcing.events where version = 2",
    "truncate eventsourcing.events",
    "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
        select version, event_id, schema_version, stream_id, tag, payload from eventsourcing.events
        on conflict (stream_id, version) do update set payload = '{}'",
    "update eventsourcing.event_types set first_position = 9",
    "delete from eventsourcing.event_types",
    "truncate eventsourcing.event_types",
    "merge into eventsourcing.events e using (values (1)) v (n) on true when matched then delete",
];

async fn execute(connection: &mut PgConnection, sql: impl Into<String>) -> Result<(), sqlx::Error> {
    raw_sql(AssertSqlSafe(sql.into())).execute(connection).await.map(drop)
}

/// The SQLSTATE with which a statement is refused.
async fn refusal(connection: &mut PgConnection, sql: impl Into<String>) -> String {
    let error = execute(connection, sql).await.expect_err("the statement is refused");
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).map_or_else(|| error.to_string(), Into::into)
}

async fn with_events() -> TestDb {
    let db = TestDb::new().await;
    run(&db.backend(), &append("account/1", NoStream, 3)).await.unwrap();
    db
}

#[tokio::test]
async fn every_change_is_refused() {
    let db = with_events().await;
    let mut connection = db.connect().await;
    let before: Vec<_> = read(&db.backend(), "account/1").await;
    for change in CHANGES {
        assert_eq!(refusal(&mut connection, change).await, "ES001", "{change}");
    }
    // As replication and restoring do, which turn ordinary triggers off.
    execute(&mut connection, "set session_replication_role = replica").await.unwrap();
    for change in CHANGES {
        assert_eq!(refusal(&mut connection, change).await, "ES001", "{change}");
    }
    let after: Vec<_> = read(&db.backend(), "account/1").await;
    assert_eq!(format!("{before:?}"), format!("{after:?}"));
}

#[tokio::test]
async fn the_owner_can_maintain_in_one_transaction() {
    let db = with_events().await;
    let mut connection = db.connect().await;
    let change = "update eventsourcing.events set payload = '{\"n\":0}' where version = 2";
    for end in ["rollback", "commit"] {
        execute(&mut connection, format!("begin; select eventsourcing.begin_maintenance(); {change}; {end}"))
            .await
            .unwrap();
        assert_eq!(refusal(&mut connection, change).await, "ES001", "after {end}");
    }
    let payloads: Vec<_> = read(&db.backend(), "account/1").await.into_iter().map(|event| event.event).collect();
    assert_eq!(payloads.iter().map(AsRef::as_ref).collect::<Vec<_>>(), [&b"{\"n\":1}"[..], b"{\"n\":0}", b"{\"n\":3}"]);
}

/// The setting alone, made for the session, names no transaction that will ever come.
#[tokio::test]
async fn a_setting_of_the_session_is_no_maintenance() {
    let db = with_events().await;
    let mut connection = db.connect().await;
    for value in ["on", "true", "1", "", "0"] {
        execute(&mut connection, format!("set eventsourcing.maintenance = '{value}'")).await.unwrap();
        assert_eq!(refusal(&mut connection, CHANGES[0]).await, "ES001", "{value}");
    }
    execute(
        &mut connection,
        "begin; select set_config('eventsourcing.maintenance', pg_current_xact_id()::text, false); commit",
    )
    .await
    .unwrap();
    assert_eq!(refusal(&mut connection, CHANGES[0]).await, "ES001");
}

/// A role that may do anything to the table but does not own it.
#[tokio::test]
async fn another_role_cannot_maintain() {
    let db = with_events().await;
    let role = format!("intruder_{}", Uuid::now_v7().simple());
    let mut connection = db.connect().await;
    execute(
        &mut connection,
        format!(
            "create role {role}; grant usage on schema eventsourcing to {role};
             grant all on all tables in schema eventsourcing to {role};
             grant all on all sequences in schema eventsourcing to {role}"
        ),
    )
    .await
    .unwrap();
    execute(&mut connection, format!("set role {role}")).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    execute(&mut transaction, "select eventsourcing.begin_maintenance()").await.unwrap();
    assert_eq!(refusal(&mut transaction, CHANGES[0]).await, "ES001");
    transaction.rollback().await.unwrap();
    let disabled = refusal(&mut connection, "alter table eventsourcing.events disable trigger all").await;
    assert_eq!(disabled, "42501", "only the owner can disable a trigger");
    execute(&mut connection, format!("reset role; drop owned by {role}; drop role {role}")).await.unwrap();
}

/// What is refused does not stand in the way of appends.
#[tokio::test]
async fn appends_go_on() {
    let db = with_events().await;
    let mut connection = db.connect().await;
    refusal(&mut connection, CHANGES[0]).await;
    run(&db.backend(), &append("account/1", Any, 1)).await.unwrap();
    assert_eq!(length(&db.backend(), "account/1").await, 4);
}
