//! The contract of a store adapter, run against SQLite.

use eventsourcing::{Sqlite, SqliteOptions, store_contract};

async fn store() -> Sqlite {
    let store = Sqlite::in_memory(SqliteOptions::new()).await.expect("a store in memory");
    store.migrate().await.expect("a fresh file is migrated");
    store
}

store_contract!(store().await);
