//! Snapshots: loading a stream from its newest usable state, and storing a state.

use futures_util::{StreamExt, TryStreamExt};
use sqlx::{PgConnection, raw_sql};

use super::{
    adapter::Postgres,
    error::store_error,
    read,
    rows::{self, Names, PgPayload, get},
};
use crate::{
    columns::stream_version,
    port::{Loaded, Rows, Snapshot, SnapshotKey, StoreError, Via},
    vocabulary::StreamId,
};

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
        return read::whole_stream(store, via, stream_id).map_ok(Loaded::Event).boxed();
    };
    let statement = store
        .sql
        .load_with_snapshot
        .query()
        .bind(stream_id.as_str())
        .bind(i64::from(key.version))
        .bind(key.fingerprint.cast_signed());
    let mut names = Names::default();
    store.fetch(via, statement).map(move |row| loaded(&row?, &mut names)).boxed()
}

fn loaded(row: &sqlx::postgres::PgRow, names: &mut Names) -> Result<Loaded<PgPayload>, StoreError> {
    if get::<Option<i64>>(row, 0)?.is_some() {
        return rows::stored(row, names).map(Loaded::Event);
    }
    Ok(Loaded::Snapshot { version: stream_version(get(row, 1)?)?, state: PgPayload::read(row, rows::PAYLOAD)? })
}

pub(super) async fn save(store: &Postgres, via: Via<'_, PgConnection>, snapshot: &Snapshot) -> Result<(), StoreError> {
    let statement = store
        .sql
        .save_snapshot
        .query()
        .bind(snapshot.stream_id.as_str())
        .bind(snapshot.version.get())
        .bind(snapshot.event_id.as_uuid())
        .bind(i64::from(snapshot.key.version))
        .bind(snapshot.key.fingerprint.cast_signed())
        .bind(String::from_utf8_lossy(&snapshot.state));
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
