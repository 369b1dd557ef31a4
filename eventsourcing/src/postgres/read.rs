//! Reading committed events, by stream and by position.

use futures_util::{StreamExt, TryStreamExt};
use sqlx::PgConnection;

use super::{
    Postgres,
    page::{self, page_statement},
    rows::{self, PgPayload, event_columns},
};
use crate::{
    position::{GlobalPosition, StreamVersion},
    store::{Direction, LogQuery, Page, Rows, StoreError, Stored, StreamQuery, Via},
    stream_id::StreamId,
};

/// A stream from its beginning to its end, for those who keep none of its events.
pub(super) const WHOLE_STREAM: &str =
    concat!("select ", event_columns!(), " from {events} e where e.stream_id {=} $1 order by e.version");

macro_rules! stream_statement {
    ($from:literal, $order:literal) => {
        page_statement!(
            concat!("from {events} e where e.stream_id {=} $1 and e.version ", $from, " $2 and e.position {<=} $3"),
            $order,
            "$4",
            "$5"
        )
    };
}

pub(super) const STREAM_FORWARDS: &str = stream_statement!("{>=}", "e.version asc");
pub(super) const STREAM_BACKWARDS: &str = stream_statement!("{<=}", "e.version desc");

macro_rules! log_statement {
    ($order:literal) => {
        page_statement!(
            concat!(
                "from {events} e where e.position {>=} $1 and e.position {<=} $2",
                " and ($3::pg_catalog.text is null or pg_catalog.starts_with(e.stream_id, $3))",
                " and ($4::pg_catalog.text[] is null or e.tag {=} any ($4))"
            ),
            $order,
            "$5",
            "$6"
        )
    };
}

pub(super) const LOG_FORWARDS: &str = log_statement!("e.position asc");
pub(super) const LOG_BACKWARDS: &str = log_statement!("e.position desc");

pub(super) fn whole_stream<'a>(
    store: &'a Postgres,
    via: Via<'a, PgConnection>,
    stream_id: &StreamId,
) -> Rows<'a, Stored<PgPayload>> {
    let statement = store.sql.read_whole_stream.query().bind(stream_id.as_str().to_owned());
    store.fetch(via, statement).map(|row| rows::stored(&row?)).boxed()
}

pub(super) async fn stream(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    query: StreamQuery,
) -> Result<Page<PgPayload>, StoreError> {
    let (sql, from) = match query.direction {
        Direction::Forwards => (&store.sql.read_stream_forwards, query.from.map_or(1, StreamVersion::get)),
        Direction::Backwards => (&store.sql.read_stream_backwards, query.from.map_or(i64::MAX, StreamVersion::get)),
    };
    let statement = sql
        .query()
        .bind(query.stream_id.as_str().to_owned())
        .bind(from)
        .bind(query.until.map_or(i64::MAX, GlobalPosition::get))
        .bind(query.limit)
        .bind(page::budget());
    page::page(&store.fetch_all(via, statement).await?, query.limit)
}

pub(super) async fn log(store: &Postgres, query: LogQuery) -> Result<Page<PgPayload>, StoreError> {
    let from = query.from.map(GlobalPosition::get);
    let until = query.until.map_or(i64::MAX, GlobalPosition::get);
    let (sql, low, high) = match query.direction {
        Direction::Forwards => (&store.sql.read_log_forwards, from.unwrap_or(1), until),
        Direction::Backwards => (&store.sql.read_log_backwards, 1, from.unwrap_or(i64::MAX).min(until)),
    };
    let category = query.filter.category.map(|category| format!("{category}/"));
    let tags = query.filter.tags.map(|tags| tags.iter().map(|tag| tag.as_str().to_owned()).collect::<Vec<_>>());
    let statement = sql.query().bind(low).bind(high).bind(category).bind(tags).bind(query.limit).bind(page::budget());
    let rows = match query.direction {
        Direction::Forwards => store.fetch_all(Via::Store, statement).await?,
        // Without windows it may search the whole log, and takes as long as it takes.
        Direction::Backwards => store.fetch(Via::Store, statement).try_collect().await?,
    };
    page::page(&rows, query.limit)
}
