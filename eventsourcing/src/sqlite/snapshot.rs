//! Snapshots: loading a stream from its newest usable state, and storing a state.

use std::collections::VecDeque;

use futures_util::{StreamExt, stream};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    adapter::Sqlite,
    error::{error_in_transaction, store_error},
    read::{self, MOST_ROWS, Reading},
    rows::{self, SqlitePayload, get},
    sql,
};
use crate::{
    columns::stream_version,
    port::{Loaded, Rows, Snapshot, SnapshotKey, StoreError, Stored, StreamQuery, Via},
    vocabulary::{StreamId, StreamVersion},
};

/// A load, page by page, so that no statement stays open while the events are folded.
struct Loading<'a> {
    store: &'a Sqlite,
    via: Via<'a, SqliteConnection>,
    stream_id: &'a StreamId,
    ready: VecDeque<Loaded<SqlitePayload>>,
    next: Option<Next>,
}

enum Next {
    Snapshot(SnapshotKey),
    Events { from: Option<StreamVersion> },
}

pub(super) fn load<'a>(
    store: &'a Sqlite,
    via: Via<'a, SqliteConnection>,
    stream_id: &'a StreamId,
    snapshot: Option<SnapshotKey>,
) -> Rows<'a, Loaded<SqlitePayload>> {
    let next = Some(snapshot.map_or(Next::Events { from: None }, Next::Snapshot));
    let loading = Loading { store, via, stream_id, ready: VecDeque::new(), next };
    stream::try_unfold(loading, async |mut loading| Ok(loading.next().await?.map(|item| (item, loading)))).boxed()
}

impl Loading<'_> {
    async fn next(&mut self) -> Result<Option<Loaded<SqlitePayload>>, StoreError> {
        while self.ready.is_empty() {
            let Some(next) = self.next.take() else { return Ok(None) };
            let last = match next {
                Next::Snapshot(key) => self.with_snapshot(key).await?,
                Next::Events { from } => self.events(from).await?,
            };
            self.next = last.and_then(StreamVersion::next).map(|next| Next::Events { from: Some(next) });
        }
        Ok(self.ready.pop_front())
    }

    /// The next page; its last version, when more may follow.
    async fn events(&mut self, from: Option<StreamVersion>) -> Result<Option<StreamVersion>, StoreError> {
        let query = StreamQuery::new(self.stream_id.clone()).from(from).limit(MOST_ROWS);
        let page = read::stream(self.store, self.via.reborrow(), query).await?;
        let last = page.events.last().map(Stored::version).filter(|_| page.more);
        self.ready.extend(page.events.into_iter().map(Loaded::Event));
        Ok(last)
    }

    /// The same for the first page, with the snapshot before it.
    async fn with_snapshot(&mut self, key: SnapshotKey) -> Result<Option<StreamVersion>, StoreError> {
        let statement = sqlx::query(sql::LOAD).bind(self.stream_id.as_str().to_owned()).bind(i64::from(key.version));
        let statement = statement.bind(key.fingerprint.cast_signed()).bind(MOST_ROWS);
        let mut on = Reading::on(self.store, self.via.reborrow()).await?;
        let rows = match statement.fetch_all(&mut *on).await.map_err(store_error) {
            Ok(rows) => rows,
            Err(error) => return Err(self.store.explained(&mut on, error).await),
        };
        let read: Vec<Loaded<SqlitePayload>> = rows.iter().map(loaded).collect::<Result<_, _>>()?;
        let events = read.iter().filter_map(|item| match item {
            Loaded::Event(event) => Some(event.version()),
            Loaded::Snapshot { .. } => None,
        });
        let versions: Vec<StreamVersion> = events.collect();
        let is_full = i64::try_from(versions.len()).is_ok_and(|read| read >= MOST_ROWS);
        self.ready.extend(read);
        Ok(versions.last().copied().filter(|_| is_full))
    }
}

fn loaded(row: &SqliteRow) -> Result<Loaded<SqlitePayload>, StoreError> {
    if get::<Option<i64>>(row, 0)?.is_some() {
        return rows::stored(row).map(Loaded::Event);
    }
    let state = SqlitePayload::read(row, rows::PAYLOAD)?;
    Ok(Loaded::Snapshot { version: stream_version(get(row, 1)?)?, state })
}

pub(super) async fn save(
    store: &Sqlite,
    via: Via<'_, SqliteConnection>,
    snapshot: &Snapshot,
) -> Result<(), StoreError> {
    let statement = sqlx::query(sql::SAVE_SNAPSHOT)
        .bind(snapshot.stream_id.as_str().to_owned())
        .bind(snapshot.version.get())
        .bind(snapshot.event_id.as_uuid())
        .bind(i64::from(snapshot.key.version))
        .bind(snapshot.key.fingerprint.cast_signed())
        .bind(String::from_utf8_lossy(&snapshot.state).into_owned());
    match via {
        Via::Caller(connection) => statement.execute(connection).await.map_err(error_in_transaction).map(drop),
        Via::Store => {
            let mut held = store.0.writer.hold().await?;
            held.begin().await?;
            statement.execute(&mut *held).await.map_err(store_error)?;
            held.commit().await
        }
    }
}
