//! The parameters of the append statement.

use sqlx::{postgres::PgArguments, query::Query};
use uuid::Uuid;

use super::window::searches_window;
use crate::{
    columns::{encode_expected, encode_metadata},
    port::Append,
    vocabulary::{Encoded, Metadata, NewEvent},
};

type Statement = Query<'static, sqlx::Postgres, PgArguments>;

/// The statement's parameters: a group of appends and their events, column by column.
#[derive(Default)]
pub(super) struct Columns {
    stream_id: Vec<String>,
    expected: Vec<i64>,
    pub(super) window_ids: Vec<bool>,
    first: EventColumns,
    append: Vec<i64>,
    n: Vec<i64>,
    further: EventColumns,
}

#[derive(Default)]
struct EventColumns {
    event_id: Vec<Option<Uuid>>,
    tag: Vec<Option<String>>,
    schema_version: Vec<Option<i32>>,
    correlation_id: Vec<Option<String>>,
    causation_id: Vec<Option<String>>,
    metadata: Vec<Option<String>>,
    payload: Vec<Option<Text>>,
}

impl Columns {
    pub(super) fn push(&mut self, ordinal: i64, append: &Append, ids: &[Uuid]) {
        self.stream_id.push(append.stream_id.as_str().to_owned());
        self.expected.push(encode_expected(append.expected));
        self.window_ids.push(append.is_repeatable() && searches_window(append.expected));
        let mut events = append.events.iter().zip(ids);
        self.first.push(events.next());
        for (n, event) in (2..).zip(events) {
            self.append.push(ordinal);
            self.n.push(n);
            self.further.push(Some(event));
        }
    }

    pub(super) fn bind(self, statement: Statement) -> Statement {
        let statement = statement.bind(self.stream_id).bind(self.expected).bind(self.window_ids);
        let statement = self.first.bind(statement);
        self.further.bind(statement.bind(self.append).bind(self.n))
    }
}

impl EventColumns {
    /// A row of nulls stands for no event.
    fn push(&mut self, event: Option<(&NewEvent<Encoded<Vec<u8>>>, &Uuid)>) {
        let (new, id) = event.unzip();
        let encoded = new.map(|new| &new.event);
        let metadata = new.map(|new| &new.metadata);
        self.event_id.push(id.copied());
        self.tag.push(encoded.map(|event| event.tag.as_str().to_owned()));
        self.schema_version.push(encoded.map(|event| i32::from(event.schema_version.get())));
        self.correlation_id.push(metadata.and_then(Metadata::correlation).map(str::to_owned));
        self.causation_id.push(metadata.and_then(Metadata::causation).map(str::to_owned));
        self.metadata.push(metadata.and_then(encode_metadata));
        self.payload.push(encoded.map(|event| Text(event.payload.clone())));
    }

    fn bind(self, statement: Statement) -> Statement {
        statement
            .bind(self.event_id)
            .bind(self.tag)
            .bind(self.schema_version)
            .bind(self.correlation_id)
            .bind(self.causation_id)
            .bind(self.metadata)
            .bind(self.payload)
    }
}

/// JSON text that is already bytes, sent as `text`: `json` parameters would be rewritten by the driver.
struct Text(Vec<u8>);

impl sqlx::Type<sqlx::Postgres> for Text {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <str as sqlx::Type<sqlx::Postgres>>::type_info()
    }
}

impl sqlx::postgres::PgHasArrayType for Text {
    fn array_type_info() -> sqlx::postgres::PgTypeInfo {
        <String as sqlx::postgres::PgHasArrayType>::array_type_info()
    }
}

impl sqlx::Encode<'_, sqlx::Postgres> for Text {
    fn encode_by_ref(
        &self,
        buffer: &mut sqlx::postgres::PgArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        buffer.extend_from_slice(&self.0);
        Ok(sqlx::encode::IsNull::No)
    }
}
