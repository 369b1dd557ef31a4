//! Checkpoints, moved by compare-and-swap.

pub(super) const READ: &str = "select c.position, c.token from {checkpoints} c where c.name {=} $1";

/// Erasing the newest events leaves a checkpoint above the end of the log, but never above its sequence.
pub(super) const CONSUMER: &str = r"
select c.position, c.token,
    case when c.position {<=} s.last_value
        then (select pg_catalog.max(e.position) from {events} e where e.position {<=} c.position)
        else c.position
    end,
    exists (select from {events} e
        where e.position {=} c.position and c.event_position {=} c.position and e.event_id {<>} c.event_id),
    c.kind, c.declared::pg_catalog.text
from {checkpoints} c cross join {events_position} s
where c.name {=} $1
";

/// Every change raises the token: workers that have not seen it can move nothing any more. `$6` is the whole declaration.
pub(super) const DECLARE: &str = r"
with seen as materialized (
    select c.name from {checkpoints} c
    where c.name {=} $1 and c.token {=} $2 and (c.position {=} $3 or (c.position is null and $4))
    for update skip locked
), changed as (
    update {checkpoints} c
    set kind = $5, declared = $6::pg_catalog.json, token = c.token {+} 1, updated_at = pg_catalog.now()
    from seen where c.name {=} seen.name
    returning c.token
), made as (
    insert into {checkpoints} as c (name, kind, declared)
    select $1, $5, $6::pg_catalog.json
    where $4 and $2 {=} 0 and not exists (select from {checkpoints} c where c.name {=} $1)
    on conflict (name) do nothing
    returning c.token
)
select token from changed union all select token from made
";

/// The log must reach as far as the checkpoint is to go, and the last event that was handled must be the one that stands
/// there: a transaction may run on another server than the one that the events were read from, after a failover that
/// has lost the newest of them.
pub(super) const ADVANCE: &str = r"
with seen as materialized (
    select c.name from {checkpoints} c
    where c.name {=} $1 and c.token {=} $3 and (c.position {=} $4 or (c.position is null and $5))
        -- Not `exists`: only the largest position is certain to come from the index, whatever the plan is made for.
        and (select pg_catalog.max(e.position) from {events} e) {>=} $2
        and not exists (select from {events} e where e.position {=} $6 and e.event_id {<>} $7)
    for update of c skip locked
)
update {checkpoints} c
set position = $2, event_position = $2, updated_at = pg_catalog.now(),
    event_id = (select e.event_id from {events} e where e.position {=} $2)
from seen
where c.name {=} seen.name
    -- A worker that vanishes without a word leaves the row locked no longer than this.
    and ($8::pg_catalog.text is null
        or pg_catalog.set_config('idle_in_transaction_session_timeout', $8, true) is not null)
";

/// A row that a worker holds is waited for: the caller asks for this, and means to have it.
pub(super) const RESET: &str = r"
update {checkpoints} c
set position = null, event_position = null, event_id = null, kind = $2, declared = $3::pg_catalog.json,
    token = c.token {+} 1, updated_at = pg_catalog.now()
where c.name {=} $1
";
