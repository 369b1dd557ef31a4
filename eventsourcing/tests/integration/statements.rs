//! Every statement of the adapter is valid against the migrated schema, whatever the schema is called.

use eventsourcing::{EventId, PgOptions};
use sqlx::{AssertSqlSafe, Executor, Row, SqlSafeStr, raw_sql};

use crate::support::TestDb;

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let db = TestDb::unmigrated().await;
    for schema in ["eventsourcing", "it's \"odd\"; drop schema"] {
        let store = db.backend_with(PgOptions::new().schema(schema));
        store.migrate().await.unwrap();
        let mut connection = db.connect().await;
        let mut count = 0;
        for (name, sql) in store.statements() {
            let statement = AssertSqlSafe(sql.to_owned()).into_sql_str();
            if let Err(error) = connection.prepare(statement).await {
                panic!("`{name}` in schema {schema:?}: {error}\n{sql}");
            }
            count += 1;
        }
        assert!(count > 10, "only {count} statements");
    }
}

/// How many rows the steps of a plan have read, as `explain analyze` says it.
fn rows_read(plan: &[String]) -> f64 {
    let number = |line: &str, before: &str| {
        let rest = &line[line.find(before)? + before.len()..];
        rest.split(|c: char| c != '.' && !c.is_ascii_digit()).next()?.parse::<f64>().ok()
    };
    let read = |line: &String| number(line, "actual rows=").or_else(|| number(line, "Rows Removed by Filter: "));
    plan.iter().filter_map(read).sum()
}

/// A conflict looks for a repetition. In a long stream, that must not read all that follows.
#[tokio::test]
async fn a_repetition_is_looked_for_only_where_it_can_stand() {
    let db = TestDb::new().await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select n, gen_random_uuid(), 1, 'long/1', 'counted', '1' from generate_series(1, 20000) n;
         analyze eventsourcing.events",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let store = db.backend();
    let (_, probe) = store.statements().find(|(name, _)| *name == "probe").unwrap();
    let ids = vec![EventId::new().as_uuid(); 3];
    for (after, until) in [(Some(0), Some(3)), (Some(10_000_i64), Some(10_003_i64)), (None, None)] {
        let explain = format!("explain (analyze, costs off, timing off, summary off) {probe}");
        let statement = sqlx::query(AssertSqlSafe(explain)).bind("long/1").bind(after).bind(until).bind(&ids);
        let plan: Vec<String> = statement.fetch_all(db.pool()).await.unwrap().iter().map(|row| row.get(0)).collect();
        let read = rows_read(&plan);
        assert!((1.0..=300.0).contains(&read), "{read} rows for {after:?} to {until:?}:\n{}", plan.join("\n"));
    }
}
