//! Checkpoints: how far each named consumer has come, moved by compare-and-swap, and which events it declares.
//!
//! Whoever moves one in a transaction is the only one who writes. So nobody waits for another worker: while a transaction of
//! somebody's is open, the checkpoint counts as one that is about to move.

use sqlx::{SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    adapter::Sqlite,
    append::now,
    error::{error_in_transaction, store_error},
    read::Statement,
    rows::get,
    sql,
};
use crate::{
    columns::{decode_declared, encode_declared, global_position},
    port::{Checkpoint, Consumer, DeclaredTag, Progress, StoreError, Via},
    vocabulary::GlobalPosition,
};

pub(super) async fn read(store: &Sqlite, name: &str) -> Result<Checkpoint, StoreError> {
    let row = read_row(store, sqlx::query(sql::CHECKPOINT).bind(name.to_owned())).await?;
    row.as_ref().map_or(Ok(Checkpoint::START), checkpoint)
}

pub(super) async fn consumer(store: &Sqlite, name: &str) -> Result<Consumer, StoreError> {
    let Some(row) = read_row(store, sqlx::query(sql::CONSUMER).bind(name.to_owned())).await? else {
        return Ok(Consumer::new(Checkpoint::START));
    };
    let checkpoint = checkpoint(&row)?;
    let is_another: bool = get(&row, 3)?;
    if let Some(position) = checkpoint.position.filter(|_| is_another) {
        return Err(StoreError::CheckpointDiverged { checkpoint: position });
    }
    Ok(Consumer {
        checkpoint,
        resume: get::<Option<i64>>(&row, 2)?.map(global_position).transpose()?,
        kind: get(&row, 4)?,
        declared: get::<Option<&str>>(&row, 5)?.map(decode_declared).transpose()?,
    })
}

async fn read_row(store: &Sqlite, statement: Statement) -> Result<Option<SqliteRow>, StoreError> {
    let mut connection = store.reader().await?;
    match statement.fetch_optional(&mut *connection).await.map_err(store_error) {
        Err(error) => Err(store.explained(&mut connection, error).await),
        row => row,
    }
}

pub(super) async fn declare(
    store: &Sqlite,
    name: &str,
    seen: Checkpoint,
    kind: &str,
    declared: &[DeclaredTag],
) -> Result<Option<Checkpoint>, StoreError> {
    let declared = encode_declared(declared)?;
    let position = seen.position.map(GlobalPosition::get);
    let change = sqlx::query(sql::DECLARE).bind(name.to_owned()).bind(seen.token).bind(position);
    let change = change.bind(kind.to_owned()).bind(declared.clone()).bind(now());
    let Some(mut held) = store.0.writer.hold_unless_lent().await? else { return Ok(None) };
    if let Err(error) = held.begin().await {
        return none_if_locked(error);
    }
    let mut row = change.fetch_optional(&mut *held).await.map_err(store_error)?;
    if row.is_none() && seen == Checkpoint::START {
        let first = sqlx::query(sql::DECLARE_FIRST).bind(name.to_owned()).bind(kind.to_owned()).bind(declared);
        row = first.bind(now()).fetch_optional(&mut *held).await.map_err(store_error)?;
    }
    held.commit().await?;
    row.map(|row| Ok(Checkpoint { token: get(&row, 0)?, ..seen })).transpose()
}

pub(super) async fn advance(
    store: &Sqlite,
    via: Via<'_, SqliteConnection>,
    name: &str,
    seen: Checkpoint,
    progress: Progress,
) -> Result<bool, StoreError> {
    let (position, id) = progress.last.unzip();
    let statement = sqlx::query(sql::ADVANCE)
        .bind(name.to_owned())
        .bind(progress.position.get())
        .bind(seen.token)
        .bind(seen.position.map(GlobalPosition::get))
        .bind(position.map(GlobalPosition::get))
        .bind(id.map(Uuid::from))
        .bind(now());
    let moved = match via {
        Via::Caller(connection) => statement.execute(connection).await.map_err(error_in_transaction)?,
        Via::Store => {
            let Some(mut held) = store.0.writer.hold_unless_lent().await? else { return Ok(false) };
            if let Err(error) = held.begin().await {
                return none_if_locked(error).map(|none: Option<()>| none.is_some());
            }
            let moved = statement.execute(&mut *held).await.map_err(store_error)?;
            held.commit().await?;
            moved
        }
    };
    Ok(moved.rows_affected() == 1)
}

/// Another process that has been writing all the time is a worker that is about to move the checkpoint, or as good as one.
fn none_if_locked<T>(error: StoreError) -> Result<Option<T>, StoreError> {
    if matches!(error, StoreError::Locked { .. }) { Ok(None) } else { Err(error) }
}

pub(super) async fn reset(
    store: &Sqlite,
    via: Via<'_, SqliteConnection>,
    name: &str,
    kind: &str,
    declared: &[DeclaredTag],
) -> Result<(), StoreError> {
    let statement = sqlx::query(sql::RESET).bind(name.to_owned()).bind(kind.to_owned());
    let statement = statement.bind(encode_declared(declared)?).bind(now());
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

fn checkpoint(row: &SqliteRow) -> Result<Checkpoint, StoreError> {
    let position: Option<i64> = get(row, 0)?;
    Ok(Checkpoint { position: position.map(global_position).transpose()?, token: get(row, 1)? })
}
