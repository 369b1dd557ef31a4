//! What the tail asks: the next events, the end of the log, and who is writing.

use super::page::{careful_page, quick_page};

/// A statement of the tail that takes longer than its answer is waited for is ended by the server as well: whoever gave it
/// up leaves nobody behind who waits for a lock. And what the tail writes is a hint, for which nobody waits for the disk.
pub(super) const OPEN: &str = r"
select pg_catalog.pg_is_in_recovery(), pg_catalog.to_regclass($1) is not null,
    (select d.oid::bigint from pg_catalog.pg_database d where d.datname {=} pg_catalog.current_database()),
    case when $2::pg_catalog.text is not null then pg_catalog.set_config('statement_timeout', $2, false) end,
    case when $2::pg_catalog.text is not null then pg_catalog.set_config('synchronous_commit', 'off', false) end
";

pub(super) const READ: &str = quick_page!("from {events} e where e.position {>} $1", "e.position asc", "$2", "$3");

pub(super) const READ_CAREFUL: &str =
    careful_page!("from {events} e where e.position {>} $1", "e.position asc", "$2", "$3");

pub(super) const END: &str = "select s.last_value, s.is_called from {events_position} s";

pub(super) const LAST: &str =
    "select e.position, e.event_id from {events} e where e.position {<=} $1 order by e.position desc limit 1";

pub(super) const EVENT_AT: &str = "select e.event_id from {events} e where e.position {=} $1";

/// The table is looked up by its name each time: somebody may put another one in its place.
pub(super) const WRITERS: &str = r"
select l.virtualtransaction
from pg_catalog.pg_locks l
where l.locktype {=} 'relation' and l.database {=} $1::pg_catalog.oid and l.relation {=} $2::pg_catalog.regclass
    and l.mode {=} 'RowExclusiveLock' and l.granted
";
