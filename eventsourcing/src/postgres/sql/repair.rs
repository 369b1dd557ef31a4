//! Setting the sequence of positions right.

/// Nobody appends between the look at the log and the change of the sequence.
pub(super) const LOCK: &str = "lock table {events} in share row exclusive mode";

/// `null` where the sequence is not behind: a higher value is nobody's fault, and positions must not be handed out twice.
pub(super) const REPAIR: &str = r"
select case
    when l.position {>} case when s.is_called then s.last_value else 0 end
        then pg_catalog.setval($1::pg_catalog.regclass, l.position)
end
from {events_position} s, (select pg_catalog.max(e.position) as position from {events} e) l
";
