//! The types of events that the log holds: a trigger keeps the list.

use super::{adapter::Sqlite, error::store_error, rows::get, sql};
use crate::{
    columns::{global_position, schema_version, tag},
    port::{StoreError, StoredType},
};

pub(super) async fn list(store: &Sqlite) -> Result<Vec<StoredType>, StoreError> {
    let mut connection = store.reader().await?;
    let rows = match sqlx::query(sql::EVENT_TYPES).fetch_all(&mut *connection).await.map_err(store_error) {
        Ok(rows) => rows,
        Err(error) => return Err(store.explained(&mut connection, error).await),
    };
    let listed = rows.iter().map(|row| {
        Ok(StoredType {
            tag: tag(get(row, 0)?)?,
            schema_version: schema_version(get(row, 1)?)?,
            first_position: global_position(get(row, 2)?)?,
        })
    });
    listed.collect()
}
