//! Snapshots: loading a stream from its newest usable state, and storing a state.

use futures_util::{StreamExt, TryStreamExt};
use sqlx::{PgConnection, raw_sql};

use super::{
    Postgres,
    error::store_error,
    rows::{self, PgPayload, event_columns, get},
};
use crate::{
    store::{Loaded, Rows, Snapshot, SnapshotKey, StoreError, Via},
    stream_id::StreamId,
};

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

const SAVEPOINT: &str = "savepoint eventsourcing_snapshot";
const RELEASE: &str = "release savepoint eventsourcing_snapshot";
const ROLLBACK: &str = "rollback to savepoint eventsourcing_snapshot; release savepoint eventsourcing_snapshot";

pub(super) fn load<'a>(
    store: &'a Postgres,
    via: Via<'a, PgConnection>,
    stream_id: &'a StreamId,
    snapshot: Option<SnapshotKey>,
) -> Rows<'a, Loaded<PgPayload>> {
    let Some(key) = snapshot else {
        return super::read::whole_stream(store, via, stream_id).map_ok(Loaded::Event).boxed();
    };
    let statement = store
        .sql
        .load_with_snapshot
        .query()
        .bind(stream_id.as_str().to_owned())
        .bind(i64::from(key.version))
        .bind(key.fingerprint.cast_signed());
    store.fetch(via, statement).map(|row| loaded(&row?)).boxed()
}

fn loaded(row: &sqlx::postgres::PgRow) -> Result<Loaded<PgPayload>, StoreError> {
    if get::<Option<i64>>(row, 0)?.is_some() {
        return rows::stored(row).map(Loaded::Event);
    }
    Ok(Loaded::Snapshot { version: rows::stream_version(get(row, 1)?)?, state: PgPayload::read(row, rows::PAYLOAD)? })
}

pub(super) async fn save(store: &Postgres, via: Via<'_, PgConnection>, snapshot: &Snapshot) -> Result<(), StoreError> {
    let statement = store
        .sql
        .save_snapshot
        .query()
        .bind(snapshot.stream_id.as_str().to_owned())
        .bind(snapshot.version.get())
        .bind(snapshot.event_id.as_uuid())
        .bind(i64::from(snapshot.key.version))
        .bind(snapshot.key.fingerprint.cast_signed())
        .bind(String::from_utf8_lossy(&snapshot.state).into_owned());
    let Via::Caller(connection) = via else {
        return store.execute(Via::Store, statement).await.map(drop);
    };
    // The caller may ignore that there is no snapshot, and an error would have ended the caller's transaction.
    raw_sql(SAVEPOINT).execute(&mut *connection).await.map_err(store_error)?;
    let saved = store.execute(Via::Caller(&mut *connection), statement).await;
    let end = if saved.is_ok() { RELEASE } else { ROLLBACK };
    raw_sql(end).execute(connection).await.map_err(store_error)?;
    saved.map(drop)
}
