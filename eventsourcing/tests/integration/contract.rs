//! The contract of a store adapter, run against Postgres.

use std::cell::RefCell;

use eventsourcing::{Postgres, store_contract};

use crate::support::TestDb;

async fn store() -> Postgres {
    thread_local! {
        // Until the end of the test's thread: a check has only the store in its hands.
        static DATABASES: RefCell<Vec<TestDb>> = const { RefCell::new(Vec::new()) };
    }
    let db = TestDb::new().await;
    let store = db.backend();
    DATABASES.with_borrow_mut(|databases| databases.push(db));
    store
}

store_contract!(store().await);
