//! Who holds the end of the log open: the transactions that have written to it and not ended.

use std::time::Duration;

use sqlx::{Row, postgres::PgRow};

use super::{Postgres, connection::Statement, error::store_error};
use crate::store::{Blocker, StoreError, Via};

/// A prepared transaction has no process; its name is found by the transaction id it holds locked.
pub(super) const BLOCKERS: &str = r"
select l.pid, a.application_name,
    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() {-} coalesce(a.xact_start, p.prepared)) as seconds,
    a.query, p.gid, l.virtualtransaction
from pg_catalog.pg_locks l
    left join pg_catalog.pg_stat_activity a on a.pid {=} l.pid
    left join pg_catalog.pg_locks x on l.pid is null and x.pid is null
        and x.virtualtransaction {=} l.virtualtransaction and x.locktype {=} 'transactionid'
    left join pg_catalog.pg_prepared_xacts p on p.transaction {=} x.transactionid
where l.locktype {=} 'relation'
    and l.database {=} (select d.oid from pg_catalog.pg_database d where d.datname {=} pg_catalog.current_database())
    and l.relation {=} $1::pg_catalog.regclass
    and l.mode {=} 'RowExclusiveLock'
    and l.granted
order by seconds desc nulls last
";

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
