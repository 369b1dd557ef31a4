//! Which types of events the log holds, from the table that appends register them in.

use super::{adapter::Postgres, rows::get};
use crate::{
    columns::{global_position, schema_version, tag},
    port::{StoreError, StoredType, Via},
};

pub(super) async fn list(store: &Postgres) -> Result<Vec<StoredType>, StoreError> {
    let epoch = store.link.registered.epoch();
    let rows = store.fetch_all(Via::Store, store.sql.event_types.query()).await?;
    let stored = rows.iter().map(|row| {
        Ok(StoredType {
            tag: tag(get(row, 0)?)?,
            schema_version: schema_version(get::<i32>(row, 1)?.into())?,
            first_position: global_position(get(row, 2)?)?,
        })
    });
    let stored = stored.collect::<Result<Vec<_>, _>>()?;
    store.link.registered.learn(epoch, stored.iter().map(|stored| (&stored.tag, stored.schema_version)));
    Ok(stored)
}
