//! Who holds the end of the log open: the transactions that have written to it and not ended.

use std::time::Duration;

use sqlx::{Row, postgres::PgRow};

use super::{adapter::Postgres, error::store_error, lease::Statement};
use crate::port::{Blocker, StoreError, Via};

/// The column with the virtual transaction that holds the lock.
pub(super) const WRITER: usize = 5;

pub(super) async fn read(store: &Postgres) -> Result<Vec<Blocker>, StoreError> {
    let rows = store.fetch_all(Via::Store, statement(store)).await?;
    rows.iter().map(blocker).collect()
}

pub(super) fn statement(store: &Postgres) -> Statement {
    store.sql.blockers.query().bind(store.schema.qualify("events"))
}

pub(super) fn blocker(row: &PgRow) -> Result<Blocker, StoreError> {
    let text = |column: usize| row.try_get::<Option<String>, _>(column).map_err(store_error);
    let seconds: Option<f64> = row.try_get(2).map_err(store_error)?;
    let mut blocker = Blocker::new(row.try_get(0).map_err(store_error)?);
    blocker.application_name = text(1)?.filter(|name| !name.is_empty());
    blocker.age = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).ok());
    // What Postgres shows in place of another role's statement.
    blocker.query = text(3)?.filter(|query| query != "<insufficient privilege>");
    blocker.prepared = text(4)?;
    Ok(blocker)
}
