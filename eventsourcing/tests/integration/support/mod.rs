//! What the tests share: a database for each of them, and patience.

pub(crate) mod account;
pub(crate) mod fences;
pub(crate) mod gate;
pub(crate) mod logs;
pub(crate) mod pooler;
pub(crate) mod port;
pub(crate) mod proxy;
pub(crate) mod scripted;
pub(crate) mod standby;
mod test_db;

use std::time::Duration;

pub(crate) use test_db::TestDb;
use tokio::time::timeout;

/// The database that the tests in `both` run on here.
pub(crate) type Database = eventsourcing::Postgres;

/// Waits for what must come; panics when it does not, long after it should have.
pub(crate) async fn patiently<F: IntoFuture>(future: F) -> F::Output {
    timeout(Duration::from_mins(2), future).await.expect("what the test waits for has not come within two minutes")
}
