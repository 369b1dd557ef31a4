//! Checkpoints: how far each named consumer has come, moved by compare-and-swap, and which events it declares.
//!
//! Nothing here waits for a row that another worker holds: `skip locked` takes it for one that has moved. So a worker that
//! is too late never keeps a connection until the other's transaction ends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, postgres::PgRow};
use uuid::Uuid;

use super::{
    Postgres,
    error::corrupt,
    mutants,
    rows::{get, global_position, schema_version, tag},
};
use crate::{
    position::GlobalPosition,
    store::{Checkpoint, Consumer, DeclaredTag, Progress, StoreError, Via},
};

pub(super) const READ: &str = "select c.position, c.token from {checkpoints} c where c.name {=} $1";

pub(super) async fn read(store: &Postgres, name: &str) -> Result<Checkpoint, StoreError> {
    let rows = store.fetch_all(Via::Store, store.sql.checkpoint.query().bind(name.to_owned())).await?;
    rows.first().map_or(Ok(Checkpoint { position: None, token: 0 }), checkpoint)
}

/// Erasing the newest events leaves a checkpoint above the end of the log, but never above its sequence.
pub(super) const CONSUMER: &str = r"
select c.position, c.token,
    case when c.position {<=} s.last_value
        then (select pg_catalog.max(e.position) from {events} e where e.position {<=} c.position)
        else c.position
    end,
    exists (select from {events} e
        where e.position {=} c.position and c.event_position {=} c.position and e.event_id {<>} c.event_id),
    c.kind, c.declared::pg_catalog.text
from {checkpoints} c cross join {events_position} s
where c.name {=} $1
";

pub(super) async fn consumer(store: &Postgres, name: &str) -> Result<Consumer, StoreError> {
    let rows = store.fetch_all(Via::Store, store.sql.consumer.query().bind(name.to_owned())).await?;
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

/// Every change raises the token: workers that have not seen it can move nothing any more. `$6` is the whole declaration.
pub(super) const DECLARE: &str = r"
with seen as materialized (
    select c.name from {checkpoints} c
    where c.name {=} $1 and c.token {=} $2 and (c.position {=} $3 or (c.position is null and $4))
    for update skip locked
), changed as (
    update {checkpoints} c
    set kind = $5, declared = $6::pg_catalog.json, token = c.token {+} 1, updated_at = pg_catalog.now()
    from seen where c.name {=} seen.name
    returning c.token
), made as (
    insert into {checkpoints} as c (name, kind, declared)
    select $1, $5, $6::pg_catalog.json
    where $4 and $2 {=} 0 and not exists (select from {checkpoints} c where c.name {=} $1)
    on conflict (name) do nothing
    returning c.token
)
select token from changed union all select token from made
";

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
    let statement = sql.query().bind(name.to_owned()).bind(seen.token);
    let statement = statement.bind(seen.position.map(GlobalPosition::get)).bind(seen.position.is_none());
    let statement = statement.bind(kind.to_owned()).bind(encode_declared(declared)?);
    let rows = store.fetch_all(Via::Store, statement).await?;
    rows.first().map(|row| Ok(Checkpoint { token: get(row, 0)?, ..seen })).transpose()
}

/// The longest time-out that Postgres knows, in milliseconds.
const MAX_TIMEOUT: u128 = 2_147_483_647;

/// The log must reach as far as the checkpoint is to go, and the last event that was handled must be the one that stands
/// there: a transaction may run on another server than the one that the events were read from, after a failover that
/// has lost the newest of them.
pub(super) const ADVANCE: &str = r"
with seen as materialized (
    select c.name from {checkpoints} c
    where c.name {=} $1 and c.token {=} $3 and (c.position {=} $4 or (c.position is null and $5))
        -- Not `exists`: only the largest position is certain to come from the index, whatever the plan is made for.
        and (select pg_catalog.max(e.position) from {events} e) {>=} $2
        and not exists (select from {events} e where e.position {=} $6 and e.event_id {<>} $7)
    for update of c skip locked
)
update {checkpoints} c
set position = $2, event_position = $2, updated_at = pg_catalog.now(),
    event_id = (select e.event_id from {events} e where e.position {=} $2)
from seen
where c.name {=} seen.name
    -- A worker that vanishes without a word leaves the row locked no longer than this.
    and ($8::pg_catalog.text is null
        or pg_catalog.set_config('idle_in_transaction_session_timeout', $8, true) is not null)
";

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
    let statement = sql.query().bind(name.to_owned()).bind(progress.position.get()).bind(seen.token);
    let statement = statement.bind(seen.position.map(GlobalPosition::get)).bind(seen.position.is_none());
    let (position, id) = progress.last.unzip();
    let abandoned_after =
        progress.abandoned_after.map(|after| format!("{}ms", after.as_millis().clamp(1, MAX_TIMEOUT)));
    let statement = statement.bind(position.map(GlobalPosition::get)).bind(id.map(Uuid::from)).bind(abandoned_after);
    Ok(store.execute(via, statement).await? == 1)
}

/// A row that a worker holds is waited for: the caller asks for this, and means to have it.
pub(super) const RESET: &str = r"
update {checkpoints} c
set position = null, event_position = null, event_id = null, kind = $2, declared = $3::pg_catalog.json,
    token = c.token {+} 1, updated_at = pg_catalog.now()
where c.name {=} $1
";

pub(super) async fn reset(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    name: &str,
    kind: &str,
    declared: &[DeclaredTag],
) -> Result<(), StoreError> {
    let statement = store.sql.reset.query().bind(name.to_owned()).bind(kind.to_owned());
    store.execute(via, statement.bind(encode_declared(declared)?)).await.map(drop)
}

fn checkpoint(row: &PgRow) -> Result<Checkpoint, StoreError> {
    let position: Option<i64> = get(row, 0)?;
    Ok(Checkpoint { position: position.map(global_position).transpose()?, token: get(row, 1)? })
}

/// A tag's member in the column `declared`.
#[derive(Serialize, Deserialize)]
struct Declared {
    version: u16,
    after: Option<i64>,
}

fn encode_declared(declared: &[DeclaredTag]) -> Result<String, StoreError> {
    let members: BTreeMap<&str, Declared> = declared
        .iter()
        .map(|of| {
            let after = of.after.map(GlobalPosition::get);
            (of.tag.as_str(), Declared { version: of.version.get(), after })
        })
        .collect();
    serde_json::to_string(&members).map_err(|error| corrupt(format!("what a consumer declares: {error}")))
}

fn decode_declared(json: &str) -> Result<Vec<DeclaredTag>, StoreError> {
    let members: BTreeMap<String, Declared> =
        serde_json::from_str(json).map_err(|error| corrupt(format!("what a consumer declares: {error}")))?;
    let declared = members.into_iter().map(|(name, of)| {
        Ok(DeclaredTag {
            tag: tag(&name)?,
            version: schema_version(of.version.into())?,
            after: of.after.map(global_position).transpose()?,
        })
    });
    declared.collect()
}
