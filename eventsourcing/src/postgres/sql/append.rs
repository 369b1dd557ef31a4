//! The append statement in its forms, and the one that says why an append was not stored.

/// The statement for small groups, prepared once. The sub-selects hide how long the arrays are, so that a plan for any
/// group costs no more than one for the group at hand, and Postgres stops planning at each execution.
pub(super) fn small() -> String {
    form("(select ", WINDOW, SEEN, ["", "", ""])
}

/// The same for a process that has not seen where the log ends.
pub(super) fn small_looking() -> String {
    form("(select ", WINDOW, LOOKED_UP, ["", "", ""])
}

/// The statement for large groups, planned for the group at hand: a plan for any group would compare each append with
/// each event.
pub(super) fn large() -> String {
    form("(", "", LOOKED_UP, ["", "", ""])
}

/// The same, where a repetition has to be looked for.
pub(super) fn large_with_window() -> String {
    form("(", WINDOW, LOOKED_UP, ["", "", ""])
}

/// The statement for small groups with a type of event that this process does not know to be registered.
pub(super) fn small_registering() -> String {
    form("(select ", WINDOW, LOOKED_UP, REGISTERING)
}

/// The same for large groups.
pub(super) fn large_registering() -> String {
    form("(", WINDOW, LOOKED_UP, REGISTERING)
}

fn form(array: &str, window: &str, end: &str, [typed, registration, settled]: [&str; 3]) -> String {
    APPEND
        .replace("{window}", window)
        .replace("{end}", end)
        .replace("{typed}", typed)
        .replace("{registration}", registration)
        .replace("{settled}", settled)
        .replace("{array ", array)
        .replace("[]}", "[])")
}

/// The end of the log, where the process has seen it.
const SEEN: &str = "$21::bigint";

/// The same where it may not have. Postgres looks only then, but to be able to costs each execution a few microseconds.
const LOOKED_UP: &str = "coalesce($21::bigint, (select pg_catalog.max(e.position) from {events} e), 0)";

/// `$1` says whether the transaction is the caller's. `$2..$4` describe the appends, in the order of their streams so that
/// two groups never wait for each other in a circle: stream, expectation, and whether to look for a repetition among the
/// latest events (`Any` and `StreamExists`). `$5..$11` are the first event of each append, null for an append of nothing;
/// `$12..$20` are all further events, each with its append and its place in it from 2. `$21` is the end of the log as this
/// process has seen it before; where it has seen nothing, the statement looks.
///
/// Only the first event of an append can lose a race, against the unique key of its version; the others are inserted
/// from what that insertion returns. So an append is stored whole or not at all, whatever runs beside it. The sort
/// lets positions follow versions.
///
/// A position that is not above the end of the log comes from a sequence that was set back, and readers have been there;
/// `refuse_position` ends the statement then. The sequence counts up, so the first position speaks for the further ones.
const APPEND: &str = r"
with durable as materialized (
    -- A crash must not hand out again a position that a reader has seen, so the commit has to be flushed.
    select case
        when pg_catalog.current_setting('synchronous_commit') {<>} 'off' then true
        when $1 then false
        else pg_catalog.set_config('synchronous_commit', 'local', true) is not null
    end as ok
),
target as materialized (
    select t.*, d.ok,
        (select e.version from {events} e where e.stream_id {=} t.stream_id order by e.version desc limit 1) as actual
    from durable d cross join rows from (
        pg_catalog.unnest({array $2::pg_catalog.text[]}),
        pg_catalog.unnest({array $3::bigint[]}),
        pg_catalog.unnest({array $4::boolean[]}),
        pg_catalog.unnest({array $5::pg_catalog.uuid[]}),
        pg_catalog.unnest({array $6::pg_catalog.text[]}),
        pg_catalog.unnest({array $7::integer[]}),
        pg_catalog.unnest({array $8::pg_catalog.text[]}),
        pg_catalog.unnest({array $9::pg_catalog.text[]}),
        pg_catalog.unnest({array $10::pg_catalog.text[]}),
        pg_catalog.unnest({array $11::pg_catalog.text[]})
    ) with ordinality as t(
        stream_id, expected, window_ids,
        event_id, tag, schema_version, correlation_id, causation_id, metadata, payload, append
    )
),
further as materialized (
    select i.*
    from rows from (
        pg_catalog.unnest({array $12::bigint[]}),
        pg_catalog.unnest({array $13::bigint[]}),
        pg_catalog.unnest({array $14::pg_catalog.uuid[]}),
        pg_catalog.unnest({array $15::pg_catalog.text[]}),
        pg_catalog.unnest({array $16::integer[]}),
        pg_catalog.unnest({array $17::pg_catalog.text[]}),
        pg_catalog.unnest({array $18::pg_catalog.text[]}),
        pg_catalog.unnest({array $19::pg_catalog.text[]}),
        pg_catalog.unnest({array $20::pg_catalog.text[]})
    ) as i(append, n, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
),
first as (
    insert into {events} (stream_id, version, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
    select t.stream_id, coalesce(t.actual, 0) {+} 1, t.event_id, t.tag, t.schema_version, t.correlation_id,
        t.causation_id, t.metadata::pg_catalog.json, t.payload::pg_catalog.json
    from target t
    where t.ok
        and t.event_id is not null
        and case
            when t.expected {=} -1 then true
            when t.expected {=} -2 then t.actual is not null
            when t.expected {=} 0 then t.actual is null
            else t.actual {=} t.expected
        end
        {window}
    order by t.append
    on conflict (stream_id, version) do nothing
    returning stream_id, version,
        case when position {>} {end} then position else {refuse_position}(position, {end}) end as position{typed}
),
rest as (
    insert into {events} (stream_id, version, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
    select f.stream_id, f.version {+} (i.n {-} 1), i.event_id, i.tag, i.schema_version, i.correlation_id, i.causation_id,
        i.metadata::pg_catalog.json, i.payload::pg_catalog.json
    from first f join target t on t.stream_id {=} f.stream_id join further i on i.append {=} t.append
    order by t.append, i.n
    returning stream_id, version, position{typed}
){registration}
select t.ok, t.actual, f.version, f.position, r.version, r.position{settled}
from target t
    left join first f on f.stream_id {=} t.stream_id
    left join (
        select stream_id, pg_catalog.max(version) as version, pg_catalog.max(position) as position
        from rest group by stream_id
    ) r on r.stream_id {=} t.stream_id
order by t.append
";

/// No event of the append is among the latest of its stream.
const WINDOW: &str = r"and case
    when t.window_ids then not exists (
        select 1 from {events} e
        where e.stream_id {=} t.stream_id
            and e.version {>} (t.actual {-} 256)
            and (
                e.event_id {=} t.event_id
                or e.event_id {=} any (select i.event_id from further i where i.append {=} t.append)
            )
    )
    else true
end";

/// What registering adds to the statement, place by place.
const REGISTERING: [&str; 3] = [", tag, schema_version", REGISTRATION, ", (select g.settled from registration g)"];

/// Registers the types of what has just been stored, in the same transaction and nothing else.
///
/// `settled` says that all of them had been registered by transactions that are committed. What this transaction has
/// registered itself looks the same to it, so it leaves a mark, which ends with it and is taken back by the same savepoint.
const REGISTRATION: &str = r",
registered as (
    -- Without a unique key, so that the first appends of a type wait for nobody: each may register it.
    insert into {event_types} (tag, schema_version, first_position)
    select s.tag, s.schema_version, s.first_position
    from (
        select e.tag, e.schema_version, pg_catalog.min(e.position) as first_position
        from (
            select f.tag, f.schema_version, f.position from first f
            union all select r.tag, r.schema_version, r.position from rest r
        ) e
        group by e.tag, e.schema_version
    ) s
    where not exists (
        select from {event_types} k where k.tag {=} s.tag and k.schema_version {=} s.schema_version
    )
    returning first_position
),
registration as materialized (
    select case
        when exists (select from registered)
            then pg_catalog.set_config('eventsourcing.registered', 'on', true) is null
        else coalesce(pg_catalog.current_setting('eventsourcing.registered', true), '') {=} ''
    end as settled
)";

/// The stream's last version, and which of the append's ids are in the stream: only where they can stand, since a stream
/// may be long. That is at the versions after `$2` and up to `$3`, or among the latest 256.
pub(super) const PROBE: &str = r"
select h.version, e.version, e.position, e.event_id
from (select (
        select s.version from {events} s where s.stream_id {=} $1 order by s.version desc limit 1
    ) as version) h
    left join {events} e on e.stream_id {=} $1
        and e.version {>} coalesce($2::bigint, h.version {-} 256)
        and e.version {<=} coalesce($3::bigint, h.version)
        and e.event_id {=} any ($4::pg_catalog.uuid[])
order by e.version
";
