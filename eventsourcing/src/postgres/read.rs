//! Reading committed events, by stream and by position.

use futures_util::{StreamExt, TryStreamExt};
use sqlx::{PgConnection, postgres::PgRow};

use super::{
    adapter::Postgres,
    lease::Statement,
    page::Bounds,
    rows::{self, Names, PgPayload},
    sql::Sql,
};
use crate::{
    port::{Direction, LogQuery, Page, Rows, StoreError, Stored, StreamQuery, Via},
    vocabulary::{GlobalPosition, StreamId, StreamVersion, Tag},
};

pub(super) fn whole_stream<'a>(
    store: &'a Postgres,
    via: Via<'a, PgConnection>,
    stream_id: &StreamId,
) -> Rows<'a, Stored<PgPayload>> {
    let statement = store.sql.read_whole_stream.query().bind(stream_id.as_str());
    let mut names = Names::default();
    store.fetch(via, statement).map(move |row| rows::stored(&row?, &mut names)).boxed()
}

pub(super) async fn stream(
    store: &Postgres,
    mut via: Via<'_, PgConnection>,
    query: StreamQuery,
) -> Result<Page<PgPayload>, StoreError> {
    let sql = &store.sql;
    let (quick, careful, from) = match query.direction {
        Direction::Forwards => {
            (&sql.read_stream_forwards, &sql.read_stream_forwards_careful, query.from.map_or(1, StreamVersion::get))
        }
        Direction::Backwards => {
            let from = query.from.map_or(i64::MAX, StreamVersion::get);
            (&sql.read_stream_backwards, &sql.read_stream_backwards_careful, from)
        }
    };
    let (bounds, mut names) = (Bounds::new(query.limit), Names::default());
    let until = query.until.map_or(i64::MAX, GlobalPosition::get);
    let statement = |sql: &Sql, bytes| {
        let statement = sql.query().bind(query.stream_id.as_str());
        statement.bind(from).bind(until).bind(bounds.rows).bind(bytes)
    };
    let rows = store.fetch_all(via.reborrow(), statement(quick, bounds.bytes_of_each())).await?;
    if let Some(page) = bounds.quick(&rows, &mut names)? {
        return Ok(page);
    }
    let rows = store.fetch_all(via, statement(careful, bounds.bytes)).await?;
    bounds.careful(&rows, &mut names)
}

pub(super) async fn log(store: &Postgres, query: LogQuery) -> Result<Page<PgPayload>, StoreError> {
    let sql = &store.sql;
    let from = query.from.map(GlobalPosition::get);
    let until = query.until.map_or(i64::MAX, GlobalPosition::get);
    let (quick, careful, low, high) = match query.direction {
        Direction::Forwards => (&sql.read_log_forwards, &sql.read_log_forwards_careful, from.unwrap_or(1), until),
        Direction::Backwards => {
            (&sql.read_log_backwards, &sql.read_log_backwards_careful, 1, from.unwrap_or(i64::MAX).min(until))
        }
    };
    let (bounds, mut names) = (Bounds::new(query.limit), Names::default());
    let category = query.filter.category.map(|category| format!("{category}/"));
    let tags = query.filter.tags.as_ref().map(|tags| tags.iter().map(Tag::as_str).collect::<Vec<_>>());
    let statement = |sql: &Sql, bytes| {
        let statement = sql.query().bind(low).bind(high).bind(category.as_deref()).bind(tags.as_deref());
        statement.bind(bounds.rows).bind(bytes)
    };
    let rows = rows_of_log(store, query.direction, statement(quick, bounds.bytes_of_each())).await?;
    if let Some(page) = bounds.quick(&rows, &mut names)? {
        return Ok(page);
    }
    let rows = rows_of_log(store, query.direction, statement(careful, bounds.bytes)).await?;
    bounds.careful(&rows, &mut names)
}

async fn rows_of_log(store: &Postgres, direction: Direction, statement: Statement) -> Result<Vec<PgRow>, StoreError> {
    match direction {
        Direction::Forwards => store.fetch_all(Via::Store, statement).await,
        // Without windows it may search the whole log, and takes as long as it takes.
        Direction::Backwards => store.fetch(Via::Store, statement).try_collect().await,
    }
}
