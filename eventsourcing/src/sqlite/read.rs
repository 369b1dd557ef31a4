//! Reading committed events, by stream and by position.

use std::ops::{Deref, DerefMut};

use futures_util::TryStreamExt;
use sqlx::{SqliteConnection, pool::PoolConnection, query::Query, sqlite::SqliteArguments};

use super::{
    adapter::Sqlite,
    error::store_error,
    rows::{self, SqlitePayload},
    sql,
};
use crate::{
    port::{Direction, Filter, LogQuery, PAGE_BYTES, Page, StoreError, Stored, StreamQuery, Via},
    vocabulary::{GlobalPosition, StreamVersion, Tag},
};

/// A statement with its parameters.
pub(super) type Statement = Query<'static, sqlx::Sqlite, SqliteArguments>;

/// However many are wanted, a statement reads no more rows.
pub(super) const MOST_ROWS: i64 = 2_000;

/// Where a statement that reads runs.
#[derive(Debug)]
pub(super) enum Reading<'c> {
    Store(PoolConnection<sqlx::Sqlite>),
    Caller(&'c mut SqliteConnection),
}

impl<'c> Reading<'c> {
    pub(super) async fn on(store: &Sqlite, via: Via<'c, SqliteConnection>) -> Result<Self, StoreError> {
        match via {
            Via::Store => store.reader().await.map(Self::Store),
            Via::Caller(connection) => Ok(Self::Caller(connection)),
        }
    }
}

impl Deref for Reading<'_> {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Store(connection) => connection,
            Self::Caller(connection) => connection,
        }
    }
}

impl DerefMut for Reading<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Store(connection) => connection,
            Self::Caller(connection) => connection,
        }
    }
}

pub(super) async fn stream(
    store: &Sqlite,
    via: Via<'_, SqliteConnection>,
    query: StreamQuery,
) -> Result<Page<SqlitePayload>, StoreError> {
    let from = query.from.map(StreamVersion::get);
    let (sql, from) = match query.direction {
        Direction::Forwards => (sql::READ_STREAM_FORWARDS, from.unwrap_or(1)),
        Direction::Backwards => (sql::READ_STREAM_BACKWARDS, from.unwrap_or(i64::MAX)),
    };
    let until = query.until.map_or(i64::MAX, GlobalPosition::get);
    let limit = query.limit.min(MOST_ROWS);
    let statement = sqlx::query(sql).bind(query.stream_id.as_str().to_owned()).bind(from).bind(until).bind(limit);
    let mut on = Reading::on(store, via).await?;
    page(store, &mut on, statement, limit).await
}

pub(super) async fn log(store: &Sqlite, query: LogQuery) -> Result<Page<SqlitePayload>, StoreError> {
    let mut connection = store.reader().await?;
    log_on(store, &mut connection, query).await
}

pub(super) async fn log_on(
    store: &Sqlite,
    connection: &mut SqliteConnection,
    query: LogQuery,
) -> Result<Page<SqlitePayload>, StoreError> {
    let from = query.from.map(GlobalPosition::get);
    let until = query.until.map_or(i64::MAX, GlobalPosition::get);
    let (sql, low, high) = match query.direction {
        Direction::Forwards => (sql::READ_LOG_FORWARDS, from.unwrap_or(1), until),
        Direction::Backwards => (sql::READ_LOG_BACKWARDS, 1, from.unwrap_or(i64::MAX).min(until)),
    };
    let limit = query.limit.min(MOST_ROWS);
    let Filter { category, tags } = query.filter;
    // `0` is what follows `/`.
    let (begin, end) = category.map(|category| (format!("{category}/"), format!("{category}0"))).unzip();
    let tags = tags.map(|tags| {
        let tags: Vec<&str> = tags.iter().map(Tag::as_str).collect();
        serde_json::Value::from(tags).to_string()
    });
    let statement = sqlx::query(sql).bind(low).bind(high).bind(begin).bind(end).bind(tags).bind(limit);
    page(store, connection, statement, limit).await
}

/// The rows of a statement as they arrive, until the page is full. What has not been read is given up.
async fn page(
    store: &Sqlite,
    connection: &mut SqliteConnection,
    statement: Statement,
    limit: i64,
) -> Result<Page<SqlitePayload>, StoreError> {
    /// What an event takes beside its payload, about.
    const RECORD: usize = 300;
    let most = usize::try_from(PAGE_BYTES).unwrap_or(usize::MAX);
    let (mut events, mut bytes, mut is_full) = (Vec::new(), 0, false);
    let mut failed = None;
    {
        let mut arriving = statement.fetch(&mut *connection);
        loop {
            let row = match arriving.try_next().await {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            };
            let stored = rows::stored(&row)?;
            bytes += RECORD + payload_len(&stored);
            if bytes > most && !events.is_empty() {
                is_full = true;
                break;
            }
            events.push(stored);
        }
    }
    if let Some(error) = failed {
        return Err(store.explained(connection, store_error(error)).await);
    }
    let more = is_full || (!events.is_empty() && i64::try_from(events.len()).is_ok_and(|read| read >= limit));
    Ok(Page { events, more })
}

fn payload_len(stored: &Stored<SqlitePayload>) -> usize {
    match stored {
        Stored::Event(event) => event.event.as_ref().len(),
        Stored::Malformed(malformed) => malformed.problem.len(),
    }
}
