//! Every statement of the adapter is valid against the migrated schema, whatever the schema is called.

use eventsourcing::PgOptions;
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

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
