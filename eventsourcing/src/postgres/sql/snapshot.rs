//! Loading a stream from its newest usable state, and storing a state.

use super::page::event_columns;

/// One statement, so one view of the database: the state is exactly as old as the events are new. The snapshot's row
/// has no position, and the lowest version.
///
/// A snapshot is believed only together with its event: after a restore, or after a maintenance by an older release, it
/// may be of events that are there no more. One of an older release does not say which event it was.
pub(super) const LOAD: &str = concat!(
    "with snapshot as materialized (",
    " select s.version, s.state from {snapshots} s",
    " where s.stream_id {=} $1 and s.fold_version {=} $2 and s.fingerprint {=} $3",
    " and exists (select from {events} e where e.stream_id {=} s.stream_id and e.version {=} s.version",
    " and e.event_id {=} coalesce(s.event_id, e.event_id))",
    ") ",
    "select null::bigint as position, s.version, null::pg_catalog.text as stream_id, null::pg_catalog.uuid as event_id,",
    " null::pg_catalog.timestamptz as recorded_at, null::pg_catalog.text as tag, null::integer as schema_version,",
    " null::pg_catalog.text as correlation_id, null::pg_catalog.text as causation_id, null::pg_catalog.json as metadata,",
    " s.state as payload from snapshot s ",
    "union all (select ",
    event_columns!(),
    " from {events} e where e.stream_id {=} $1",
    " and e.version {>} coalesce((select s.version from snapshot s), 0) order by e.version) ",
    "order by version"
);

/// The newest state wins, whoever writes last; but none that is ahead of the log, and none of events that are gone.
pub(super) const SAVE: &str = r"
insert into {snapshots} as s (stream_id, version, event_id, fold_version, fingerprint, state)
select e.stream_id, e.version, e.event_id, $4, $5, $6::pg_catalog.json
from {events} e
where e.stream_id {=} $1 and e.version {=} $2 and e.event_id {=} $3
on conflict (stream_id) do update
    set version = excluded.version, event_id = excluded.event_id, fold_version = excluded.fold_version,
        fingerprint = excluded.fingerprint, state = excluded.state
    where s.version {<=} excluded.version
        or not exists (
            select from {events} e
            where e.stream_id {=} s.stream_id and e.version {=} s.version and e.event_id {=} coalesce(s.event_id, e.event_id)
        )
";
