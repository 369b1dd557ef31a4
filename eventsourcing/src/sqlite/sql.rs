//! All SQL that runs on a migrated store, apart from who runs it.

use std::sync::LazyLock;

/// The columns of an event, in the order in which `rows` reads them.
macro_rules! event_columns {
    () => {
        "e.position, e.version, e.stream_id, e.event_id, e.recorded_at, e.tag, e.schema_version, e.correlation_id, \
         e.causation_id, e.metadata, e.payload"
    };
}

/// The first event of an append, if the stream is as expected: `?2` is the expectation.
///
/// It is one statement, and one index look-up: what is asked and what is written cannot come apart.
pub(super) static APPEND_FIRST: LazyLock<String> = LazyLock::new(|| append_first(0));

/// The same for several appends, one after the other, which the driver carries to the database in one go.
pub(super) static APPEND_MANY: LazyLock<[(usize, String); 2]> =
    LazyLock::new(|| [32, 8].map(|appends| (appends, (0..appends).map(append_first).collect::<Vec<_>>().join(";"))));

/// How many parameters an append has.
const PARAMETERS: usize = 10;

/// The statement for one of several appends. It returns which of them it is.
fn append_first(ordinal: usize) -> String {
    let [stream_id, expected, event_id, now, tag, schema_version, correlation_id, causation_id, metadata, payload] =
        std::array::from_fn::<_, PARAMETERS, _>(|parameter| format!("?{}", ordinal * PARAMETERS + parameter + 1));
    format!(
        "insert into eventsourcing_events
            (stream_id, version, event_id, recorded_at, tag, schema_version, correlation_id, causation_id, metadata, payload)
        select {stream_id}, coalesce(h.actual, 0) + 1, {event_id}, {now}, {tag}, {schema_version}, {correlation_id},
            {causation_id}, {metadata}, {payload}
        from (select max(version) as actual from eventsourcing_events where stream_id = {stream_id}) h
        where case {expected}
            when -1 then 1
            when -2 then h.actual is not null
            when 0 then h.actual is null
            else h.actual = {expected}
        end
        returning version, position, {ordinal}"
    )
}

/// A further event of an append.
pub(super) const APPEND_NEXT: &str = "
insert into eventsourcing_events
    (stream_id, version, event_id, recorded_at, tag, schema_version, correlation_id, causation_id, metadata, payload)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
";

pub(super) const ACTUAL: &str = "select max(version) from eventsourcing_events where stream_id = ?1";

/// Which of the append's ids are in the stream: only where they can stand, since a stream may be long. That is at the
/// versions after `?2` and up to `?3`, or among the latest 256.
pub(super) const PROBE: &str = "
select e.version, e.position, e.event_id
from (select max(version) as version from eventsourcing_events where stream_id = ?1) h
    join eventsourcing_events e on e.stream_id = ?1
        and e.version > coalesce(?2, h.version - 256)
        and e.version <= coalesce(?3, h.version)
where e.event_id in (select unhex(i.value) from json_each(?4) i)
order by e.version
";

pub(super) const READ_STREAM_FORWARDS: &str = concat!(
    "select ",
    event_columns!(),
    " from eventsourcing_events e where e.stream_id = ?1 and e.version >= ?2 and e.position <= ?3 order by e.version limit ?4"
);

pub(super) const READ_STREAM_BACKWARDS: &str = concat!(
    "select ",
    event_columns!(),
    " from eventsourcing_events e where e.stream_id = ?1 and e.version <= ?2 and e.position <= ?3",
    " order by e.version desc limit ?4"
);

/// A category is a range of stream ids: from `?3` up to what follows all that begins so.
macro_rules! of_log {
    () => {
        " from eventsourcing_events e where e.position between ?1 and ?2 \
         and (?3 is null or e.stream_id >= ?3 and e.stream_id < ?4) \
         and (?5 is null or e.tag in (select value from json_each(?5))) order by e.position"
    };
}

pub(super) const READ_LOG_FORWARDS: &str = concat!("select ", event_columns!(), of_log!(), " limit ?6");
pub(super) const READ_LOG_BACKWARDS: &str = concat!("select ", event_columns!(), of_log!(), " desc limit ?6");

/// One statement, so one view of the database: the state is exactly as old as the events are new. The snapshot's row
/// has no position. A snapshot is believed only together with its event.
pub(super) const LOAD: &str = concat!(
    "with snapshot as materialized (select s.version, s.state from eventsourcing_snapshots s",
    " where s.stream_id = ?1 and s.fold_version = ?2 and s.fingerprint = ?3",
    " and exists (select 1 from eventsourcing_events e where e.stream_id = s.stream_id and e.version = s.version",
    " and e.event_id = s.event_id)) ",
    "select null as position, s.version, null, null, null, null, null, null, null, null, s.state from snapshot s ",
    "union all select * from (select ",
    event_columns!(),
    " from eventsourcing_events e where e.stream_id = ?1 and e.version > coalesce((select s.version from snapshot s), 0)",
    " order by e.version limit ?4)"
);

/// The newest state wins, whoever writes last; but none that is ahead of the log, and none of events that are gone.
pub(super) const SAVE_SNAPSHOT: &str = "
insert into eventsourcing_snapshots as s (stream_id, version, event_id, fold_version, fingerprint, state)
select e.stream_id, e.version, e.event_id, ?4, ?5, ?6
from eventsourcing_events e
where e.stream_id = ?1 and e.version = ?2 and e.event_id = ?3
on conflict (stream_id) do update
    set version = excluded.version, event_id = excluded.event_id, fold_version = excluded.fold_version,
        fingerprint = excluded.fingerprint, state = excluded.state
    where s.version <= excluded.version
        or not exists (
            select 1 from eventsourcing_events e
            where e.stream_id = s.stream_id and e.version = s.version and e.event_id = s.event_id
        )
";

pub(super) const EVENT_TYPES: &str =
    "select tag, schema_version, first_position from eventsourcing_event_types order by tag, schema_version";

pub(super) const CHECKPOINT: &str = "select position, token from eventsourcing_checkpoints where name = ?1";

/// Erasing the newest events leaves a checkpoint above the end of the log, but never above what it has given out.
pub(super) const CONSUMER: &str = "
select c.position, c.token,
    case when c.position <= (select seq from sqlite_sequence where name = 'eventsourcing_events')
        then (select max(e.position) from eventsourcing_events e where e.position <= c.position)
        else c.position
    end,
    exists (select 1 from eventsourcing_events e where e.position = c.position and e.event_id <> c.event_id),
    c.kind, c.declared
from eventsourcing_checkpoints c
where c.name = ?1
";

/// Every change raises the token: workers that have not seen it can move nothing any more.
pub(super) const DECLARE: &str = "
update eventsourcing_checkpoints set kind = ?4, declared = ?5, token = token + 1, updated_at = ?6
where name = ?1 and token = ?2 and position is ?3
returning token
";

/// The first declaration of a consumer.
pub(super) const DECLARE_FIRST: &str = "
insert into eventsourcing_checkpoints (name, kind, declared, updated_at) values (?1, ?2, ?3, ?4)
on conflict (name) do nothing
returning token
";

/// The log must reach as far as the checkpoint is to go, and the last event that was handled must be the one that stands
/// there: the file may be another one than the events were read from.
pub(super) const ADVANCE: &str = "
update eventsourcing_checkpoints
set position = ?2, updated_at = ?7, event_id = (select e.event_id from eventsourcing_events e where e.position = ?2)
where name = ?1 and token = ?3 and position is ?4
    and (select max(e.position) from eventsourcing_events e) >= ?2
    and not exists (select 1 from eventsourcing_events e where e.position = ?5 and e.event_id <> ?6)
";

pub(super) const RESET: &str = "
update eventsourcing_checkpoints
set position = null, event_id = null, kind = ?2, declared = ?3, token = token + 1, updated_at = ?4
where name = ?1
";

pub(super) const LAST: &str = "select position, event_id from eventsourcing_events order by position desc limit 1";

/// The last position that was given out.
pub(super) const END: &str = "select seq from sqlite_sequence where name = 'eventsourcing_events'";

pub(super) const EVENT_AT: &str = "select event_id from eventsourcing_events where position = ?1";

pub(super) const HISTORY: &str = "select id from eventsourcing_history";

/// `?1` is a text behind which to begin, `?2` how many rows to give, `?3` how many bytes a category has at most.
///
/// From one category to the next, with one look into the index of streams for each: `0` is what follows `/`, so every id of
/// the category `a` is before `a0`.
pub(super) const CATEGORIES: &str = "
with recursive c (stream_id) as (
    select * from (select e.stream_id from eventsourcing_events e where e.stream_id > ?1 order by e.stream_id limit 1)
    union all
    select (
        select e.stream_id from eventsourcing_events e
        where e.stream_id > case
            when instr(c.stream_id, '/') > 0 then substr(c.stream_id, 1, instr(c.stream_id, '/') - 1) || '0'
            else c.stream_id
        end
        order by e.stream_id limit 1
    )
    from c where c.stream_id is not null
)
select substr(c.stream_id, 1, instr(c.stream_id, '/') - 1) as category
from c
where instr(c.stream_id, '/') > 1 and length(cast(substr(c.stream_id, 1, instr(c.stream_id, '/') - 1) as blob)) <= ?3
limit ?2
";

/// Every stream whose id begins with `?1` and is behind `?2`, from one to the next, with one look into the index for each.
macro_rules! streams {
    () => {
        "with recursive s (stream_id) as (
    select * from (
        select e.stream_id from eventsourcing_events e where e.stream_id >= ?1 and e.stream_id > ?2
        order by e.stream_id limit 1
    )
    union all
    select (select e.stream_id from eventsourcing_events e where e.stream_id > s.stream_id order by e.stream_id limit 1)
    from s where s.stream_id is not null and substr(s.stream_id, 1, length(?1)) = ?1
)
select s.stream_id, e.version, e.position, e.recorded_at
from s cross join eventsourcing_events e on e.stream_id = s.stream_id
    and e.version = (select max(l.version) from eventsourcing_events l where l.stream_id = s.stream_id)
where substr(s.stream_id, 1, length(?1)) = ?1 "
    };
}

pub(super) const STREAMS_BY_ID: &str = concat!(streams!(), "limit ?3");

pub(super) const STREAMS_LONGEST: &str = concat!(
    streams!(),
    "and (?4 is null or e.version < ?4 or (e.version = ?4 and s.stream_id > ?5)) ",
    "order by e.version desc, s.stream_id limit ?3"
);

/// The latest streams whose ids begin with `?1`, before position `?2`: `?3` of them, among the last `?4` events. Beside each
/// stands how far down was looked, and whether that was all; so it is where there is none.
pub(super) const STREAMS_LATEST: &str = "
with looked as materialized (
    select e.position, e.stream_id, e.version, e.recorded_at from eventsourcing_events e
    where e.position < ?2 order by e.position desc limit ?4
)
select s.stream_id, s.version, s.position, s.recorded_at, b.lowest, b.is_whole
from (select min(position) as lowest, count(*) < ?4 as is_whole from looked) b
left join (
    select l.stream_id, l.version, l.position, l.recorded_at from looked l
    where substr(l.stream_id, 1, length(?1)) = ?1
        and l.version = (select max(e.version) from eventsourcing_events e where e.stream_id = l.stream_id)
    order by l.position desc limit ?3
) s on true
order by s.position desc
";

pub(super) const CHECKPOINTS: &str = "
select c.name, c.position, c.token, c.updated_at, c.kind, c.declared
from eventsourcing_checkpoints c
where ?1 is null or c.name > ?1
order by c.name limit ?2
";
