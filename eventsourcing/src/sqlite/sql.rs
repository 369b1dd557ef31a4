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
