//! What the store holds, page by page: categories, streams, checkpoints.

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;

use super::{
    adapter::Postgres,
    error::corrupt,
    lease::Statement,
    rows::{get, timestamp},
};
use crate::{
    columns::{decode_declared, global_position, stream_version},
    port::{
        CategoryQuery, Checkpoint, CheckpointQuery, EVENTS_LOOKED_AT, Listed, NamedCheckpoint, StoreError, StreamOrder,
        StreamSummary, StreamsQuery, Via,
    },
    vocabulary::{Category, GlobalPosition, StreamVersion},
};

pub(super) async fn categories(
    store: &Postgres,
    query: CategoryQuery,
) -> Result<Listed<Category, CategoryQuery>, StoreError> {
    let behind = query.after.as_ref().map_or_else(String::new, |category| format!("{category}0"));
    // Somebody may have written a longer one by other means.
    let longest = i32::try_from(Category::MAX_LEN).unwrap_or(i32::MAX);
    let statement = store.sql.categories.query().bind(behind).bind(query.limit.and_one_more()).bind(longest);
    let rows = store.fetch_all(Via::Store, statement).await?;
    let category = |row: &PgRow| Category::new(get::<&str>(row, 0)?).map_err(|error| corrupt(error.to_string()));
    let entries = rows.iter().map(category).collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::cut(entries, query.limit, |last| query.after(Some(last.clone()))))
}

pub(super) async fn streams(
    store: &Postgres,
    query: StreamsQuery,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    match query.order.clone() {
        StreamOrder::ById { after } => by_id(store, query, after).await,
        StreamOrder::Latest { before } => latest(store, query, before).await,
        StreamOrder::Longest { after } => longest(store, query, after).await,
    }
}

async fn by_id(
    store: &Postgres,
    query: StreamsQuery,
    after: Option<String>,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    let statement = store.sql.streams_by_id.query().bind(query.prefix.as_str()).bind(after.unwrap_or_default());
    let rows = store.fetch_all(Via::Store, statement.bind(query.limit.and_one_more())).await?;
    Ok(query.page(summaries(&rows)?))
}

async fn longest(
    store: &Postgres,
    query: StreamsQuery,
    after: Option<(StreamVersion, String)>,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    let (version, id) = after.unzip();
    let statement = store.sql.streams_longest.query().bind(query.prefix.as_str()).bind("");
    let statement = statement.bind(version.map(StreamVersion::get)).bind(id).bind(query.limit.and_one_more());
    // It looks at every stream, and takes as long as it takes.
    let rows: Vec<PgRow> = store.fetch(Via::Store, statement).try_collect().await?;
    Ok(query.page(summaries(&rows)?))
}

async fn latest(
    store: &Postgres,
    query: StreamsQuery,
    before: Option<GlobalPosition>,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    let rows = store.fetch_all(Via::Store, latest_statement(store, &query, before)).await?;
    let mut entries = Vec::with_capacity(rows.len());
    let (mut lowest, mut is_whole) = (None, true);
    for row in &rows {
        (lowest, is_whole) = (get::<Option<i64>>(row, 4)?.map(global_position).transpose()?, get(row, 5)?);
        if get::<Option<&str>>(row, 0)?.is_some() {
            entries.push(summary(row)?);
        }
    }
    Ok(query.latest_page(entries, lowest, is_whole))
}

fn latest_statement(store: &Postgres, query: &StreamsQuery, before: Option<GlobalPosition>) -> Statement {
    let before = before.map_or(i64::MAX, GlobalPosition::get);
    let statement = store.sql.streams_latest.query().bind(query.prefix.as_str()).bind(before);
    statement.bind(i64::from(query.limit.get())).bind(EVENTS_LOOKED_AT)
}

pub(super) async fn checkpoints(
    store: &Postgres,
    query: CheckpointQuery,
) -> Result<Listed<NamedCheckpoint, CheckpointQuery>, StoreError> {
    let statement = store.sql.checkpoints.query().bind(query.after.as_deref()).bind(query.limit.and_one_more());
    let rows = store.fetch_all(Via::Store, statement).await?;
    let entries = rows.iter().map(named_checkpoint).collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::cut(entries, query.limit, |last| query.after(Some(last.name.clone()))))
}

fn summaries(rows: &[PgRow]) -> Result<Vec<StreamSummary>, StoreError> {
    rows.iter().map(summary).collect()
}

fn summary(row: &PgRow) -> Result<StreamSummary, StoreError> {
    let (version, position) = (stream_version(get(row, 1)?)?, global_position(get(row, 2)?)?);
    Ok(StreamSummary::new(get(row, 0)?, version, position, timestamp(row, 3)?))
}

fn named_checkpoint(row: &PgRow) -> Result<NamedCheckpoint, StoreError> {
    let position = get::<Option<i64>>(row, 1)?.map(global_position).transpose()?;
    let checkpoint = Checkpoint::new(position, get(row, 2)?);
    let declared = get::<Option<&str>>(row, 5)?.map(decode_declared).transpose()?;
    Ok(NamedCheckpoint::new(get(row, 0)?, checkpoint, timestamp(row, 3)?).kind(get(row, 4)?).declared(declared))
}
