//! Rows of the log to events in their stored form.

use std::{error::Error, fmt, sync::Arc};

use sqlx::{Row, Sqlite, sqlite::SqliteRow};
use uuid::Uuid;

use super::error::{corrupt, store_error};
use crate::{
    columns::{decode_metadata, schema_version},
    port::{Malformed, StoreError, Stored, StoredEvent},
    vocabulary::{GlobalPosition, Recorded, StreamId, StreamVersion, Tag, Timestamp},
};

/// The bytes of a payload, copied out of the database once and shared from then on.
#[derive(Clone)]
pub struct SqlitePayload(Arc<[u8]>);

impl SqlitePayload {
    pub(super) fn read(row: &SqliteRow, column: usize) -> Result<Self, StoreError> {
        get::<&[u8]>(row, column).map(|bytes| Self(bytes.into()))
    }
}

impl AsRef<[u8]> for SqlitePayload {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SqlitePayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqlitePayload({})", String::from_utf8_lossy(&self.0))
    }
}

/// Where the payload stands among the event columns.
pub(super) const PAYLOAD: usize = 10;

/// What a row holds that begins with the event columns. One without a possible place is an error, because nobody can go on
/// behind it.
pub(super) fn stored(row: &SqliteRow) -> Result<Stored<SqlitePayload>, StoreError> {
    let (position, version): (i64, i64) = (get(row, 0)?, get(row, 1)?);
    let (stream_id, tag) = (text(row, 2)?, text(row, 5)?);
    let place = StreamVersion::new(version).zip(GlobalPosition::new(position));
    let (version, position) = place.ok_or_else(|| {
        corrupt(format!("it stands at version {version} of stream `{stream_id}`, at position {position}"))
    })?;
    Ok(event(row, version, position).map_or_else(
        |problem| {
            let problem = problem.to_string();
            Stored::Malformed(Malformed { stream_id, version, position, tag, problem })
        },
        Stored::Event,
    ))
}

/// The event in a row, or what is wrong with it.
fn event(
    row: &SqliteRow,
    version: StreamVersion,
    position: GlobalPosition,
) -> Result<StoredEvent<SqlitePayload>, Box<dyn Error + Send + Sync>> {
    Ok(Recorded {
        stream_id: get::<&str>(row, 2)?.parse::<StreamId>()?,
        version,
        position,
        event_id: get::<Uuid>(row, 3)?.into(),
        recorded_at: Timestamp::from_micros(get(row, 4)?),
        metadata: decode_metadata(get(row, 7)?, get(row, 8)?, get(row, 9)?)?,
        tag: Tag::new(get::<&str>(row, 5)?)?,
        schema_version: schema_version(get(row, 6)?)?,
        event: SqlitePayload::read(row, PAYLOAD)?,
    })
}

/// A text that may be none, when somebody has written it by other means.
fn text(row: &SqliteRow, column: usize) -> Result<String, StoreError> {
    Ok(String::from_utf8_lossy(get(row, column)?).into_owned())
}

/// A column whose type the table has fixed.
pub(super) fn get<'r, T: sqlx::Decode<'r, Sqlite>>(row: &'r SqliteRow, column: usize) -> Result<T, StoreError> {
    row.try_get_unchecked(column).map_err(store_error)
}
