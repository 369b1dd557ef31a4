//! Reading committed events, by stream and by position.

use futures_util::StreamExt;
use sqlx::PgConnection;

use super::{
    Postgres,
    rows::{self, PgPayload, event_columns},
};
use crate::{
    position::{GlobalPosition, StreamVersion},
    store::{Direction, LogQuery, Rows, StoredEvent, StreamQuery, Via},
};

macro_rules! stream_statement {
    ($from:literal, $order:literal) => {
        concat!(
            "select ",
            event_columns!(),
            " from {events} e where e.stream_id {=} $1 and e.version ",
            $from,
            " $2 and e.position {<=} $3",
            " order by e.version ",
            $order,
            " limit $4"
        )
    };
}

pub(super) const STREAM_FORWARDS: &str = stream_statement!("{>=}", "asc");
pub(super) const STREAM_BACKWARDS: &str = stream_statement!("{<=}", "desc");

macro_rules! log_statement {
    ($order:literal) => {
        concat!(
            "select ",
            event_columns!(),
            " from {events} e where e.position {>=} $1 and e.position {<=} $2",
            " and ($3::pg_catalog.text is null or pg_catalog.starts_with(e.stream_id, $3))",
            " and ($4::pg_catalog.text[] is null or e.tag {=} any ($4))",
            " order by e.position ",
            $order,
            " limit $5"
        )
    };
}

pub(super) const LOG_FORWARDS: &str = log_statement!("asc");
pub(super) const LOG_BACKWARDS: &str = log_statement!("desc");

pub(super) fn stream<'a>(
    store: &'a Postgres,
    via: Via<'a, PgConnection>,
    query: &StreamQuery,
) -> Rows<'a, StoredEvent<PgPayload>> {
    let (sql, from) = match query.direction {
        Direction::Forwards => (&store.sql.read_stream_forwards, query.from.map_or(1, StreamVersion::get)),
        Direction::Backwards => (&store.sql.read_stream_backwards, query.from.map_or(i64::MAX, StreamVersion::get)),
    };
    let statement = sql
        .query()
        .bind(query.stream_id.as_str().to_owned())
        .bind(from)
        .bind(query.until.map_or(i64::MAX, GlobalPosition::get))
        .bind(query.limit);
    store.fetch(via, statement).map(|row| rows::event(&row?)).boxed()
}

pub(super) fn log(store: &Postgres, query: LogQuery) -> Rows<'_, StoredEvent<PgPayload>> {
    let from = query.from.map(GlobalPosition::get);
    let until = query.until.map_or(i64::MAX, GlobalPosition::get);
    let (sql, low, high) = match query.direction {
        Direction::Forwards => (&store.sql.read_log_forwards, from.unwrap_or(1), until),
        Direction::Backwards => (&store.sql.read_log_backwards, 1, from.unwrap_or(i64::MAX).min(until)),
    };
    let category = query.filter.category.map(|category| format!("{category}/"));
    let tags = query.filter.tags.map(|tags| tags.iter().map(|tag| tag.as_str().to_owned()).collect::<Vec<_>>());
    let statement = sql.query().bind(low).bind(high).bind(category).bind(tags).bind(query.limit);
    store.fetch(Via::Store, statement).map(|row| rows::event(&row?)).boxed()
}
