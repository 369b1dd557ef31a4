//! Checkpoints: how far each named consumer has come, moved by compare-and-swap, and which events it declares.
//!
//! Nothing here waits for a row that another worker holds: `skip locked` takes it for one that has moved. So a worker that
//! is too late never keeps a connection until the other's transaction ends.

use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::{adapter::Postgres, mutants, rows::get};
use crate::{
    columns::{decode_declared, encode_declared, global_position},
    port::{Checkpoint, Consumer, DeclaredTag, Progress, StoreError, Via},
    vocabulary::GlobalPosition,
};

pub(super) async fn read(store: &Postgres, name: &str) -> Result<Checkpoint, StoreError> {
    let rows = store.fetch_all(Via::Store, store.sql.checkpoint.query().bind(name)).await?;
    rows.first().map_or(Ok(Checkpoint { position: None, token: 0 }), checkpoint)
}

pub(super) async fn consumer(store: &Postgres, name: &str) -> Result<Consumer, StoreError> {
    let rows = store.fetch_all(Via::Store, store.sql.consumer.query().bind(name)).await?;
    let Some(row) = rows.first() else {
        let checkpoint = Checkpoint { position: None, token: 0 };
        return Ok(Consumer { checkpoint, resume: None, kind: None, declared: None });
    };
    let checkpoint = checkpoint(row)?;
    let is_another: bool = get(row, 3)?;
    if let Some(position) = checkpoint.position.filter(|_| is_another) {
        return Err(StoreError::CheckpointDiverged { checkpoint: position });
    }
    Ok(Consumer {
        checkpoint,
        resume: get::<Option<i64>>(row, 2)?.map(global_position).transpose()?,
        kind: get(row, 4)?,
        declared: get::<Option<&str>>(row, 5)?.map(decode_declared).transpose()?,
    })
}

pub(super) async fn declare(
    store: &Postgres,
    name: &str,
    seen: Checkpoint,
    kind: &str,
    declared: &[DeclaredTag],
) -> Result<Option<Checkpoint>, StoreError> {
    let sql = if mutants::has("unfenced_declaration") {
        store.sql.declare.replaced("c.token operator(pg_catalog.+) 1", "c.token")
    } else {
        store.sql.declare.clone()
    };
    let statement = sql.query().bind(name).bind(seen.token);
    let statement = statement.bind(seen.position.map(GlobalPosition::get)).bind(seen.position.is_none());
    let statement = statement.bind(kind).bind(encode_declared(declared)?);
    let rows = store.fetch_all(Via::Store, statement).await?;
    rows.first().map(|row| Ok(Checkpoint { token: get(row, 0)?, ..seen })).transpose()
}

/// The longest time-out that Postgres knows, in milliseconds.
const MAX_TIMEOUT: u128 = 2_147_483_647;

pub(super) async fn advance(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    name: &str,
    seen: Checkpoint,
    progress: Progress,
) -> Result<bool, StoreError> {
    let sql = if mutants::has("waiting_advance") {
        store.sql.advance.replaced("skip locked", "")
    } else {
        store.sql.advance.clone()
    };
    let statement = sql.query().bind(name).bind(progress.position.get()).bind(seen.token);
    let statement = statement.bind(seen.position.map(GlobalPosition::get)).bind(seen.position.is_none());
    let (position, id) = progress.last.unzip();
    let abandoned_after =
        progress.abandoned_after.map(|after| format!("{}ms", after.as_millis().clamp(1, MAX_TIMEOUT)));
    let statement = statement.bind(position.map(GlobalPosition::get)).bind(id.map(Uuid::from)).bind(abandoned_after);
    Ok(store.execute(via, statement).await? == 1)
}

pub(super) async fn reset(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    name: &str,
    kind: &str,
    declared: &[DeclaredTag],
) -> Result<(), StoreError> {
    let statement = store.sql.reset.query().bind(name).bind(kind);
    store.execute(via, statement.bind(encode_declared(declared)?)).await.map(drop)
}

fn checkpoint(row: &PgRow) -> Result<Checkpoint, StoreError> {
    let position: Option<i64> = get(row, 0)?;
    Ok(Checkpoint { position: position.map(global_position).transpose()?, token: get(row, 1)? })
}
