//! The transactions that have written to the log and not ended.

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
