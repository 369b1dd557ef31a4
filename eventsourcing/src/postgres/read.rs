//! Reading committed events, by stream and by position.

use futures_util::{StreamExt, TryStreamExt};
use sqlx::PgConnection;

use super::{
    Postgres,
    error::store_error,
    rows::{self, PgPayload, event_columns},
    sql::Sql,
};
use crate::store::{Direction, LogQuery, Rows, StoredEvent, StreamQuery, Via};

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
        Direction::Forwards => {
            (&store.sql.read_stream_forwards, query.from.map_or(1, super::super::position::StreamVersion::get))
        }
        Direction::Backwards => {
            (&store.sql.read_stream_backwards, query.from.map_or(i64::MAX, super::super::position::StreamVersion::get))
        }
    };
    let statement = prepare(store, sql)
        .bind(query.stream_id.as_str().to_owned())
        .bind(from)
        .bind(query.until.map_or(i64::MAX, super::super::position::GlobalPosition::get))
        .bind(query.limit);
    let rows = match via {
        Via::Store => statement.fetch(&store.pool),
        Via::Caller(connection) => statement.fetch(connection),
    };
    rows.map_err(store_error).map(|row| rows::event(&row?)).boxed()
}

pub(super) fn log(store: &Postgres, query: LogQuery) -> Rows<'_, StoredEvent<PgPayload>> {
    let from = query.from.map(super::super::position::GlobalPosition::get);
    let until = query.until.map_or(i64::MAX, super::super::position::GlobalPosition::get);
    let (sql, low, high) = match query.direction {
        Direction::Forwards => (&store.sql.read_log_forwards, from.unwrap_or(1), until),
        Direction::Backwards => (&store.sql.read_log_backwards, 1, from.unwrap_or(i64::MAX).min(until)),
    };
    let category = query.filter.category.map(|category| format!("{category}/"));
    let tags = query.filter.tags.map(|tags| tags.iter().map(|tag| tag.as_str().to_owned()).collect::<Vec<_>>());
    prepare(store, sql)
        .bind(low)
        .bind(high)
        .bind(category)
        .bind(tags)
        .bind(query.limit)
        .fetch(&store.pool)
        .map_err(store_error)
        .map(|row| rows::event(&row?))
        .boxed()
}

fn prepare(store: &Postgres, sql: &Sql) -> sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments> {
    sql.query().persistent(store.options.persistent)
}
