//! Checkpoints: how far each named consumer has come, moved by compare-and-swap.

use sqlx::{PgConnection, Row};

use super::{Postgres, error::store_error};
use crate::{
    position::GlobalPosition,
    store::{Checkpoint, StoreError, Via},
};

pub(super) const READ: &str = "select c.position, c.token from {checkpoints} c where c.name {=} $1";

/// The first move makes the row. `position is null` is the compare, the row lock makes later movers wait.
pub(super) const ADVANCE_FIRST: &str = r"
insert into {checkpoints} as c (name, position, token) values ($1, $2, $3)
on conflict (name) do update set position = excluded.position, updated_at = pg_catalog.now()
    where c.position is null and c.token {=} excluded.token
";

pub(super) const ADVANCE: &str = r"
update {checkpoints} c set position = $2, updated_at = pg_catalog.now()
where c.name {=} $1 and c.token {=} $3 and c.position {=} $4
";

pub(super) async fn read(store: &Postgres, name: &str) -> Result<Checkpoint, StoreError> {
    let rows = store.fetch_all(Via::Store, store.sql.checkpoint.query().bind(name.to_owned())).await?;
    let Some(row) = rows.first() else {
        return Ok(Checkpoint { position: None, token: 0 });
    };
    let position: Option<i64> = row.try_get(0).map_err(store_error)?;
    Ok(Checkpoint { position: position.and_then(GlobalPosition::new), token: row.try_get(1).map_err(store_error)? })
}

pub(super) async fn advance(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    name: &str,
    seen: Checkpoint,
    position: GlobalPosition,
) -> Result<bool, StoreError> {
    let sql = if seen.position.is_some() { &store.sql.advance } else { &store.sql.advance_first };
    let mut statement = sql.query().bind(name.to_owned()).bind(position.get()).bind(seen.token);
    if let Some(seen) = seen.position {
        statement = statement.bind(seen.get());
    }
    Ok(store.execute(via, statement).await? == 1)
}
