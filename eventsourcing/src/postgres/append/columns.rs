//! The parameters of the append statement.

use sqlx::{Arguments, postgres::PgArguments, query::Query};
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
pub(super) struct Columns<'a> {
    stream_id: Vec<&'a str>,
    expected: Vec<i64>,
    pub(super) window_ids: Vec<bool>,
    first: EventColumns<'a>,
    append: Vec<i64>,
    n: Vec<i64>,
    further: EventColumns<'a>,
    /// How many bytes the parameters take, about.
    bytes: usize,
}

#[derive(Default)]
struct EventColumns<'a> {
    event_id: Vec<Option<Uuid>>,
    tag: Vec<Option<&'a str>>,
    schema_version: Vec<Option<i32>>,
    correlation_id: Vec<Option<&'a str>>,
    causation_id: Vec<Option<&'a str>>,
    metadata: Vec<Option<String>>,
    payload: Vec<Option<Text<'a>>>,
}

impl<'a> Columns<'a> {
    pub(super) fn push(&mut self, ordinal: i64, append: &'a Append, ids: &[Uuid]) {
        const OF_APPEND: usize = 64;
        const OF_EVENT: usize = 128;
        self.bytes += OF_APPEND + append.stream_id.as_str().len() + append.bytes() + OF_EVENT * append.events.len();
        self.stream_id.push(append.stream_id.as_str());
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

    /// Room for the parameters, so that their buffer does not grow over and over while they are bound.
    pub(super) fn arguments(&self) -> PgArguments {
        const PARAMETERS: usize = 21;
        let mut arguments = PgArguments::default();
        arguments.reserve(PARAMETERS, self.bytes);
        arguments
    }

    pub(super) fn bind(self, statement: Statement) -> Statement {
        let statement = statement.bind(self.stream_id).bind(self.expected).bind(self.window_ids);
        let statement = self.first.bind(statement);
        self.further.bind(statement.bind(self.append).bind(self.n))
    }
}

impl<'a> EventColumns<'a> {
    /// A row of nulls stands for no event.
    fn push(&mut self, event: Option<(&'a NewEvent<Encoded<Vec<u8>>>, &Uuid)>) {
        let (new, id) = event.unzip();
        let encoded = new.map(|new| &new.event);
        let metadata = new.map(|new| &new.metadata);
        self.event_id.push(id.copied());
        self.tag.push(encoded.map(|event| event.tag.as_str()));
        self.schema_version.push(encoded.map(|event| i32::from(event.schema_version.get())));
        self.correlation_id.push(metadata.and_then(Metadata::correlation));
        self.causation_id.push(metadata.and_then(Metadata::causation));
        self.metadata.push(metadata.and_then(encode_metadata));
        self.payload.push(encoded.map(|event| Text(&event.payload)));
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
struct Text<'a>(&'a [u8]);

impl sqlx::Type<sqlx::Postgres> for Text<'_> {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <str as sqlx::Type<sqlx::Postgres>>::type_info()
    }
}

impl sqlx::postgres::PgHasArrayType for Text<'_> {
    fn array_type_info() -> sqlx::postgres::PgTypeInfo {
        <String as sqlx::postgres::PgHasArrayType>::array_type_info()
    }
}

impl sqlx::Encode<'_, sqlx::Postgres> for Text<'_> {
    fn encode_by_ref(
        &self,
        buffer: &mut sqlx::postgres::PgArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        buffer.extend_from_slice(self.0);
        Ok(sqlx::encode::IsNull::No)
    }
}
