//! What the store holds, page by page: categories, streams, checkpoints.

use sqlx::sqlite::SqliteRow;

use super::{
    adapter::Sqlite,
    error::{corrupt, store_error},
    read::Statement,
    rows::get,
    sql,
};
use crate::{
    columns::{decode_declared, global_position, stream_version},
    port::{
        CategoryQuery, Checkpoint, CheckpointQuery, EVENTS_LOOKED_AT, Listed, NamedCheckpoint, StoreError, StreamOrder,
        StreamSummary, StreamsQuery,
    },
    vocabulary::{Category, GlobalPosition, StreamVersion, Timestamp},
};

pub(super) async fn categories(
    store: &Sqlite,
    query: CategoryQuery,
) -> Result<Listed<Category, CategoryQuery>, StoreError> {
    // `0` is what follows `/`, behind which the streams of a category stand.
    let behind = query.after.as_ref().map_or_else(String::new, |category| format!("{category}0"));
    // Somebody may have written a longer one by other means.
    let longest = i64::try_from(Category::MAX_LEN).unwrap_or(i64::MAX);
    let statement = sqlx::query(sql::CATEGORIES).bind(behind).bind(query.limit.and_one_more()).bind(longest);
    let category = |row: &SqliteRow| Category::new(get::<&str>(row, 0)?).map_err(|error| corrupt(error.to_string()));
    let entries = rows(store, statement).await?.iter().map(category).collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::cut(entries, query.limit, |last| query.after(Some(last.clone()))))
}

pub(super) async fn streams(
    store: &Sqlite,
    query: StreamsQuery,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    match query.order.clone() {
        StreamOrder::ById { after } => by_id(store, query, after).await,
        StreamOrder::Latest { before } => latest(store, query, before).await,
        StreamOrder::Longest { after } => longest(store, query, after).await,
    }
}

async fn by_id(
    store: &Sqlite,
    query: StreamsQuery,
    after: Option<String>,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    let statement = sqlx::query(sql::STREAMS_BY_ID).bind(query.prefix.clone()).bind(after.unwrap_or_default());
    let entries = summaries(&rows(store, statement.bind(query.limit.and_one_more())).await?)?;
    Ok(query.page(entries))
}

async fn longest(
    store: &Sqlite,
    query: StreamsQuery,
    after: Option<(StreamVersion, String)>,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    let (version, id) = after.unzip();
    let statement = sqlx::query(sql::STREAMS_LONGEST).bind(query.prefix.clone()).bind("");
    let statement = statement.bind(query.limit.and_one_more()).bind(version.map(StreamVersion::get)).bind(id);
    let entries = summaries(&rows(store, statement).await?)?;
    Ok(query.page(entries))
}

async fn latest(
    store: &Sqlite,
    query: StreamsQuery,
    before: Option<GlobalPosition>,
) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
    let before = before.map_or(i64::MAX, GlobalPosition::get);
    let statement = sqlx::query(sql::STREAMS_LATEST).bind(query.prefix.clone()).bind(before);
    let rows = rows(store, statement.bind(i64::from(query.limit.get())).bind(EVENTS_LOOKED_AT)).await?;
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

pub(super) async fn checkpoints(
    store: &Sqlite,
    query: CheckpointQuery,
) -> Result<Listed<NamedCheckpoint, CheckpointQuery>, StoreError> {
    let statement = sqlx::query(sql::CHECKPOINTS).bind(query.after.clone()).bind(query.limit.and_one_more());
    let entries = rows(store, statement).await?.iter().map(named_checkpoint).collect::<Result<Vec<_>, _>>()?;
    Ok(Listed::cut(entries, query.limit, |last| query.after(Some(last.name.clone()))))
}

async fn rows(store: &Sqlite, statement: Statement) -> Result<Vec<SqliteRow>, StoreError> {
    let mut connection = store.reader().await?;
    match statement.fetch_all(&mut *connection).await.map_err(store_error) {
        Err(error) => Err(store.explained(&mut connection, error).await),
        rows => rows,
    }
}

fn summaries(rows: &[SqliteRow]) -> Result<Vec<StreamSummary>, StoreError> {
    rows.iter().map(summary).collect()
}

fn summary(row: &SqliteRow) -> Result<StreamSummary, StoreError> {
    let (version, position) = (stream_version(get(row, 1)?)?, global_position(get(row, 2)?)?);
    Ok(StreamSummary::new(get(row, 0)?, version, position, Timestamp::from_micros(get(row, 3)?)))
}

fn named_checkpoint(row: &SqliteRow) -> Result<NamedCheckpoint, StoreError> {
    let position = get::<Option<i64>>(row, 1)?.map(global_position).transpose()?;
    let checkpoint = Checkpoint::new(position, get(row, 2)?);
    let declared = get::<Option<&str>>(row, 5)?.map(decode_declared).transpose()?;
    let updated_at = Timestamp::from_micros(get(row, 3)?);
    Ok(NamedCheckpoint::new(get(row, 0)?, checkpoint, updated_at).kind(get(row, 4)?).declared(declared))
}
