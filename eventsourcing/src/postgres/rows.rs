//! Rows of the log to events in their stored form, without copying payloads.

use std::{collections::HashSet, fmt, sync::Arc};

use sqlx::{
    Postgres, Row, Type, Value, ValueRef,
    error::BoxDynError,
    postgres::{PgRow, PgTypeInfo, PgValue, PgValueRef},
};
use uuid::Uuid;

use super::error::{corrupt, store_error};
use crate::{
    columns::{decode_metadata, schema_version},
    port::{Malformed, StoreError, Stored, StoredEvent},
    vocabulary::{GlobalPosition, InvalidStreamId, InvalidTag, Recorded, StreamId, StreamVersion, Tag, Timestamp},
};

/// The bytes of a payload, shared with the row in which they arrived.
#[derive(Clone)]
pub struct PgPayload(Bytes);

#[derive(Clone)]
enum Bytes {
    /// In the row, and so in the buffer in which it arrived with others.
    Shared(PgValue),
    Own(Arc<[u8]>),
}

impl PgPayload {
    pub(super) fn read(row: &PgRow, column: usize) -> Result<Self, StoreError> {
        let value = row.try_get_raw(column).map_err(store_error)?;
        if value.is_null() {
            return Err(corrupt(format!("column {column} is null")));
        }
        Ok(Self(Bytes::Shared(ValueRef::to_owned(&value))))
    }

    /// The same bytes by themselves: a row keeps alive whatever arrived in the same buffer.
    pub(super) fn detached(&self) -> Self {
        Self(Bytes::Own(self.as_ref().into()))
    }
}

impl AsRef<[u8]> for PgPayload {
    fn as_ref(&self) -> &[u8] {
        match &self.0 {
            // `read` has refused null, the only value without bytes.
            Bytes::Shared(value) => Value::as_ref(value).as_bytes().unwrap_or_default(),
            Bytes::Own(bytes) => bytes,
        }
    }
}

impl fmt::Debug for PgPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PgPayload({})", String::from_utf8_lossy(self.as_ref()))
    }
}

/// Where the payload stands among them.
pub(super) const PAYLOAD: usize = 10;

/// Whether a row that begins with the event columns has its payload, which a [page](super::page) may leave out.
pub(super) fn has_payload(row: &PgRow) -> Result<bool, StoreError> {
    Ok(!row.try_get_raw(PAYLOAD).map_err(store_error)?.is_null())
}

/// The names that rows have in common, each of them in memory once: the events of a page have a few tags, and those of a stream
/// one id.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// That of the row before.
    stream_id: Option<StreamId>,
    tags: HashSet<Tag>,
}

impl Names {
    /// Programs have some dozens. Where somebody has made more of them, those are not kept.
    const MOST_TAGS: usize = 256;

    fn stream_id(&mut self, text: &str) -> Result<StreamId, InvalidStreamId> {
        match &self.stream_id {
            Some(same) if same.as_str() == text => Ok(same.clone()),
            _ => Ok(self.stream_id.insert(text.parse()?).clone()),
        }
    }

    fn tag(&mut self, text: &str) -> Result<Tag, InvalidTag> {
        if let Some(same) = self.tags.get(text) {
            return Ok(same.clone());
        }
        let tag = Tag::new(text)?;
        if self.tags.len() < Self::MOST_TAGS {
            self.tags.insert(tag.clone());
        }
        Ok(tag)
    }
}

/// What a row holds that begins with the event columns. One without a possible place is an error, because nobody can go on
/// behind it.
pub(super) fn stored(row: &PgRow, names: &mut Names) -> Result<Stored<PgPayload>, StoreError> {
    let (position, version): (i64, i64) = (get(row, 0)?, get(row, 1)?);
    let (stream_id, tag): (&str, &str) = (get(row, 2)?, get(row, 5)?);
    let place = StreamVersion::new(version).zip(GlobalPosition::new(position));
    let (version, position) = place.ok_or_else(|| {
        corrupt(format!("it stands at version {version} of stream `{stream_id}`, at position {position}"))
    })?;
    Ok(event(row, names, version, position).map_or_else(
        |problem| {
            Stored::Malformed(Malformed {
                stream_id: stream_id.to_owned(),
                version,
                position,
                tag: tag.to_owned(),
                problem: problem.to_string(),
            })
        },
        Stored::Event,
    ))
}

/// The event in a row, or what is wrong with it.
fn event(
    row: &PgRow,
    names: &mut Names,
    version: StreamVersion,
    position: GlobalPosition,
) -> Result<StoredEvent<PgPayload>, BoxDynError> {
    Ok(Recorded {
        stream_id: names.stream_id(get(row, 2)?)?,
        version,
        position,
        event_id: get::<Uuid>(row, 3)?.into(),
        recorded_at: timestamp(row, 4)?,
        metadata: decode_metadata(get(row, 7)?, get(row, 8)?, get::<Option<RawJson<'_>>>(row, 9)?.map(|json| json.0))?,
        tag: names.tag(get(row, 5)?)?,
        schema_version: schema_version(get::<i32>(row, 6)?.into())?,
        event: PgPayload::read(row, PAYLOAD)?,
    })
}

/// A column whose type the statement has fixed.
pub(super) fn get<'r, T: sqlx::Decode<'r, Postgres>>(row: &'r PgRow, column: usize) -> Result<T, StoreError> {
    row.try_get_unchecked(column).map_err(store_error)
}

/// A column of type `timestamptz`.
pub(super) fn timestamp(row: &PgRow, column: usize) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::from_micros(get::<Micros>(row, column)?.0))
}

/// A `timestamptz` as microseconds since 1970.
struct Micros(i64);

impl Type<Postgres> for Micros {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("timestamptz")
    }
}

impl<'r> sqlx::Decode<'r, Postgres> for Micros {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        // Postgres counts from 2000-01-01.
        const MICROS_1970_TO_2000: i64 = 946_684_800_000_000;
        let bytes: [u8; 8] = value.as_bytes()?.try_into()?;
        Ok(Self(i64::from_be_bytes(bytes).saturating_add(MICROS_1970_TO_2000)))
    }
}

/// The text of a `json` column, in place.
struct RawJson<'r>(&'r [u8]);

impl Type<Postgres> for RawJson<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("json")
    }
}

impl<'r> sqlx::Decode<'r, Postgres> for RawJson<'r> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(value.as_bytes()?))
    }
}
