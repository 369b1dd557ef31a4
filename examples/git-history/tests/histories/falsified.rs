//! Stores that are not what git has: each run ends with an error that names the path.

use sqlx::{AssertSqlSafe, Connection, raw_sql};

use super::support::{Database, Outcome, Repository, run};

/// Imports a repository with the files `a` and `odd name` and no longer with `gone`, changes the store as only its owner can,
/// and runs the program again.
async fn after(change: &str) -> Outcome {
    let (repository, database) = (Repository::new(), Database::new().await);
    for path in ["a", "odd name", "gone"] {
        repository.write(path, path);
    }
    repository.commit();
    repository.remove("gone");
    repository.write("a", "2");
    repository.commit();
    run(repository.path(), &database).verified();

    let mut connection = database.connect().await;
    let schema = database.schema(&mut connection).await;
    let sql = format!("begin; set local search_path = {schema}; select begin_maintenance(); {change}; commit");
    raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    run(repository.path(), &database)
}

#[tokio::test]
async fn nothing() {
    after("select").await.verified();
}

#[tokio::test]
async fn a_blob() {
    let blob = r#"update events set payload = regexp_replace(payload::text, '"blob":".', '"blob":"x')::json
        where stream_id = 'path/odd name'"#;
    after(blob).await.failed(&["not what git has", "odd name: the store has 100644 x", ", git has 100644 "]);
}

#[tokio::test]
async fn a_mode() {
    let mode =
        "update events set payload = replace(payload::text, '100644', '120000')::json where stream_id = 'path/a'";
    after(mode).await.failed(&["a: the store has 120000 ", ", git has 100644 "]);
}

#[tokio::test]
async fn a_path() {
    let path = "update events set payload = replace(payload::text, 'odd name', 'other')::json";
    after(path).await.failed(&["odd name: the store has `other` in its place"]);
}

#[tokio::test]
async fn a_file_that_should_be_gone() {
    let gone = "delete from events where tag = 'path.deleted'";
    after(gone).await.failed(&["gone: the store has 100644 ", ", git has no file"]);
}

#[tokio::test]
async fn a_stream_that_is_missing() {
    let missing = "delete from events where stream_id = 'path/a'; delete from paths where path = 'a'";
    after(missing).await.failed(&["a: the store does not have it, git has 2 changes"]);
}

#[tokio::test]
async fn a_stream_that_should_not_be() {
    let foreign = "insert into events (event_id, stream_id, version, tag, schema_version, payload)
        select gen_random_uuid(), 'path/foreign', version, tag, schema_version, payload from events
        where stream_id = 'path/gone'";
    after(foreign).await.failed(&["foreign: the store has 2 events, git never had it"]);
}

#[tokio::test]
async fn an_event_too_many() {
    let more = "insert into events (event_id, stream_id, version, tag, schema_version, payload)
        select gen_random_uuid(), stream_id, version + 1, tag, schema_version, payload from events
        where stream_id = 'path/gone' and tag = 'path.deleted'";
    after(more).await.failed(&["gone: the store has 3 events, git has 2 changes"]);
}
