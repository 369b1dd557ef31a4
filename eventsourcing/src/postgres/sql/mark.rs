//! How far the log is settled, and in which timeline.

pub(super) const READ: &str = r"
select s.position, s.event_id, s.timeline, s.forked_after, s.forked_until,
    exists (select from {events} e where e.position {=} s.position and e.event_id {=} s.event_id) as holds
from {settled} s
";

/// Never back, but from where no such event is. Somebody else who writes at this moment is not waited for.
pub(super) const WRITE: &str = r"
with free as (select f.id from {settled} f for update skip locked)
update {settled} s set (position, event_id) = ($1, $2)
from free
where s.position is null or s.position {<} $1
    or not exists (select from {events} e where e.position {=} s.position and e.event_id {=} s.event_id)
";

/// A promoted standby goes on in a timeline of its own, and so does what was recovered from a backup; a server that
/// was only restarted does not.
pub(super) const TIMELINE: &str = r"
select pg_catalog.concat_ws('/', c.system_identifier, d.oid,
    pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8))
from pg_catalog.pg_control_system() c, pg_catalog.pg_database d
where d.datname {=} pg_catalog.current_database()
";

/// The first tail to see a new timeline says from where on the old one may have gone further.
pub(super) const MOVE: &str = r"
with free as (select f.id from {settled} f for update skip locked)
update {settled} s set (timeline, forked_after, forked_until) = ($1, $2, $3)
from free
where s.timeline is null or s.timeline {<>} $1
";
