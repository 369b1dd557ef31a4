//! Migrations that meet.

use tokio::join;

use crate::support::{TestDb, patiently};

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

#[tokio::test]
async fn several_processes_may_migrate_at_the_same_time() {
    let db = TestDb::unmigrated().await;
    let stores = [db.store(), db.store(), db.store(), db.store()];
    let migrated =
        patiently(async { join!(stores[0].migrate(), stores[1].migrate(), stores[2].migrate(), stores[3].migrate()) })
            .await;
    let (a, b, c, d) = migrated;
    for result in [a, b, c, d] {
        result.unwrap();
    }
    stores[0].verify().await.unwrap();
}
