//! Appending: one statement for a group of appends, each with its own expectation and its own result.

use std::collections::HashSet;

use sqlx::{PgConnection, Row, postgres::PgRow};
use uuid::Uuid;

use super::{Postgres, error::store_error, sql::Statements};
use crate::{
    position::{ExpectedVersion, GlobalPosition, StreamVersion},
    record::EventId,
    store::{Append, AppendError, Appended, InvalidAppend, StoreError, VersionConflict, Via},
};

/// `$1..$4` describe the appends, in the order of their streams so that two groups never wait for each other in a
/// circle: stream, expectation, ids to look for (a repetition), which only `Any` and `StreamExists` give. `$5..` are the
/// events: the append they belong to, their place in it from 1, and what is stored.
///
/// Only the first event of an append can lose a race, against the unique key of its version; the others are inserted
/// from what that insertion returns. So an append is stored whole or not at all, whatever runs beside it. The sort
/// lets positions follow versions.
pub(super) const APPEND: &str = r"
with durable as materialized (
    -- A crash must not hand out again a position that a reader has seen, so the commit has to be flushed.
    select case
        when pg_catalog.current_setting('synchronous_commit') {<>} 'off' then true
        when $1 then false
        else pg_catalog.set_config('synchronous_commit', 'local', true) is not null
    end as ok
),
target as materialized (
    select t.append, t.stream_id, t.expected, t.window_ids,
        (select e.version from {events} e where e.stream_id {=} t.stream_id order by e.version desc limit 1) as actual
    from rows from (
        pg_catalog.unnest($2::pg_catalog.text[]),
        pg_catalog.unnest($3::bigint[]),
        pg_catalog.unnest($4::boolean[])
    ) with ordinality as t(stream_id, expected, window_ids, append)
),
input as materialized (
    select i.*
    from rows from (
        pg_catalog.unnest($5::bigint[]),
        pg_catalog.unnest($6::bigint[]),
        pg_catalog.unnest($7::pg_catalog.uuid[]),
        pg_catalog.unnest($8::pg_catalog.text[]),
        pg_catalog.unnest($9::integer[]),
        pg_catalog.unnest($10::pg_catalog.text[]),
        pg_catalog.unnest($11::pg_catalog.text[]),
        pg_catalog.unnest($12::pg_catalog.text[]),
        pg_catalog.unnest($13::pg_catalog.text[])
    ) as i(append, n, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
),
admitted as (
    select t.append, t.stream_id, coalesce(t.actual, 0) as base
    from target t, durable
    where durable.ok
        and case
            when t.expected {=} -1 then true
            when t.expected {=} -2 then t.actual is not null
            when t.expected {=} 0 then t.actual is null
            else t.actual {=} t.expected
        end
        and case
            when t.window_ids then not exists (
                select 1 from {events} e
                where e.stream_id {=} t.stream_id
                    and e.version {>} (t.actual {-} 256)
                    and e.event_id {=} any (select i.event_id from input i where i.append {=} t.append)
            )
            else true
        end
),
first as (
    insert into {events} (stream_id, version, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
    select a.stream_id, a.base {+} 1, i.event_id, i.tag, i.schema_version, i.correlation_id, i.causation_id,
        i.metadata::pg_catalog.json, i.payload::pg_catalog.json
    from admitted a join input i on i.append {=} a.append and i.n {=} 1
    order by a.append
    on conflict (stream_id, version) do nothing
    returning stream_id, version, position
),
rest as (
    insert into {events} (stream_id, version, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
    select f.stream_id, f.version {+} (i.n {-} 1), i.event_id, i.tag, i.schema_version, i.correlation_id, i.causation_id,
        i.metadata::pg_catalog.json, i.payload::pg_catalog.json
    from first f join target t on t.stream_id {=} f.stream_id join input i on i.append {=} t.append and i.n {>} 1
    order by t.append, i.n
    returning stream_id, version, position
)
select durable.ok, t.append, t.actual, f.version, f.position, r.version, r.position
from target t
    cross join durable
    left join first f on f.stream_id {=} t.stream_id
    left join (
        select stream_id, pg_catalog.max(version) as version, pg_catalog.max(position) as position
        from rest group by stream_id
    ) r on r.stream_id {=} t.stream_id
order by t.append
";

/// Why an append was not stored: the stream's last version, and which of its ids are in the stream.
pub(super) const PROBE: &str = r"
select h.version, e.version, e.position, e.event_id
from (select (
        select s.version from {events} s where s.stream_id {=} $1 order by s.version desc limit 1
    ) as version) h
    left join {events} e on e.stream_id {=} $1
        and e.version {>} coalesce($2::bigint, h.version {-} 256)
        and e.event_id {=} any ($3::pg_catalog.uuid[])
order by e.version
";

/// A lost race is no conflict for `Any` and `StreamExists`, only a reason to try again. In each round somebody wins, so
/// that this many losses in a row mean that something else is wrong.
const MAX_ATTEMPTS: usize = 1_000;

/// From this many appends on, the statement is planned for the group at hand: a plan for any group would compare each
/// append with each event.
const LARGE_GROUP: usize = 64;

/// The statement's result for one append.
struct Outcome {
    actual: Option<StreamVersion>,
    stored: Option<Appended>,
}

pub(super) async fn append(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    appends: &[Append],
) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
    let mut results: Vec<Option<Result<Appended, AppendError>>> = refuse_invalid(store, appends);
    if results.iter().any(Option::is_none) {
        match via {
            Via::Store => {
                let mut connection = store.acquire().await?;
                run(store, &mut connection, false, appends, &mut results).await?;
            }
            Via::Caller(connection) => run(store, connection, true, appends, &mut results).await?,
        }
    }
    Ok(results.into_iter().flatten().collect())
}

/// What is over a limit has its result before anything is sent.
fn refuse_invalid(store: &Postgres, appends: &[Append]) -> Vec<Option<Result<Appended, AppendError>>> {
    let mut seen = HashSet::new();
    appends
        .iter()
        .map(|append| {
            let twice = || InvalidAppend::DuplicateStream { stream_id: append.stream_id.clone() };
            let is_first = seen.insert(&append.stream_id);
            let invalid = append.check(store.options.limits).err().or_else(|| (!is_first).then(twice));
            invalid.map(|invalid| Err(invalid.into()))
        })
        .collect()
}

async fn run(
    store: &Postgres,
    connection: &mut PgConnection,
    is_callers: bool,
    appends: &[Append],
    results: &mut [Option<Result<Appended, AppendError>>],
) -> Result<(), StoreError> {
    // Assigned once, so that a repetition of the statement writes the same events.
    let ids: Vec<Vec<Uuid>> = appends.iter().map(event_ids).collect();
    for _ in 0..MAX_ATTEMPTS {
        let mut open: Vec<usize> = (0..appends.len()).filter(|&index| results[index].is_none()).collect();
        if open.is_empty() {
            return Ok(());
        }
        open.sort_by(|&a, &b| appends[a].stream_id.cmp(&appends[b].stream_id));
        let outcomes = insert(store, connection, is_callers, appends, &ids, &open).await?;
        for (index, outcome) in open.into_iter().zip(outcomes) {
            results[index] = judge(store, connection, &appends[index], &ids[index], outcome).await?;
        }
    }
    for (result, append) in results.iter_mut().zip(appends).filter(|(result, _)| result.is_none()) {
        *result = Some(Err(conflict(append, None)));
    }
    Ok(())
}

fn event_ids(append: &Append) -> Vec<Uuid> {
    append.events.iter().map(|event| event.id.unwrap_or_else(EventId::new).as_uuid()).collect()
}

async fn insert(
    store: &Postgres,
    connection: &mut PgConnection,
    is_callers: bool,
    appends: &[Append],
    ids: &[Vec<Uuid>],
    group: &[usize],
) -> Result<Vec<Outcome>, StoreError> {
    let rows = bind(&store.sql, is_callers, appends, ids, group)
        .persistent(store.options.persistent && group.len() < LARGE_GROUP)
        .fetch_all(connection)
        .await
        .map_err(store_error)?;
    rows.iter().map(outcome).collect()
}

fn bind(
    sql: &Statements,
    is_callers: bool,
    appends: &[Append],
    ids: &[Vec<Uuid>],
    group: &[usize],
) -> sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments> {
    let mut columns = Columns::default();
    for (ordinal, &index) in (1..).zip(group) {
        columns.push(ordinal, &appends[index], &ids[index]);
    }
    sql.append
        .query()
        .bind(is_callers)
        .bind(columns.stream_ids)
        .bind(columns.expected)
        .bind(columns.window_ids)
        .bind(columns.append)
        .bind(columns.n)
        .bind(columns.event_id)
        .bind(columns.tag)
        .bind(columns.schema_version)
        .bind(columns.correlation_id)
        .bind(columns.causation_id)
        .bind(columns.metadata)
        .bind(columns.payload)
}

/// The statement's parameters: a group of appends and their events, column by column.
#[derive(Default)]
struct Columns {
    stream_ids: Vec<String>,
    expected: Vec<i64>,
    window_ids: Vec<bool>,
    append: Vec<i64>,
    n: Vec<i64>,
    event_id: Vec<Uuid>,
    tag: Vec<String>,
    schema_version: Vec<i32>,
    correlation_id: Vec<Option<String>>,
    causation_id: Vec<Option<String>>,
    metadata: Vec<Option<String>>,
    payload: Vec<Text>,
}

impl Columns {
    fn push(&mut self, ordinal: i64, append: &Append, ids: &[Uuid]) {
        self.stream_ids.push(append.stream_id.as_str().to_owned());
        self.expected.push(match append.expected {
            ExpectedVersion::Any => -1,
            ExpectedVersion::StreamExists => -2,
            ExpectedVersion::NoStream => 0,
            ExpectedVersion::Exact(version) => version.get(),
        });
        self.window_ids.push(append.is_repeatable() && searches_window(append.expected));
        for ((n, new), id) in (1..).zip(&append.events).zip(ids) {
            self.append.push(ordinal);
            self.n.push(n);
            self.event_id.push(*id);
            self.tag.push(new.event.tag.as_str().to_owned());
            self.schema_version.push(i32::from(new.event.schema_version.get()));
            self.correlation_id.push(new.metadata.correlation().map(str::to_owned));
            self.causation_id.push(new.metadata.causation().map(str::to_owned));
            self.metadata.push(super::rows::encode_metadata(&new.metadata));
            self.payload.push(Text(new.event.payload.clone()));
        }
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

fn outcome(row: &PgRow) -> Result<Outcome, StoreError> {
    let number = |index: usize| row.try_get::<Option<i64>, _>(index).map_err(store_error);
    if !row.try_get::<bool, _>(0).map_err(store_error)? {
        return Err(StoreError::SynchronousCommitOff);
    }
    let version = number(5)?.or(number(3)?).and_then(StreamVersion::new);
    let position = number(6)?.or(number(4)?).and_then(GlobalPosition::new);
    Ok(Outcome {
        actual: number(2)?.and_then(StreamVersion::new),
        stored: version.zip(position).map(|(version, position)| Appended::at(version, position)),
    })
}

/// What the statement's result means for an append; `None` when it is to be tried again.
async fn judge(
    store: &Postgres,
    connection: &mut PgConnection,
    append: &Append,
    ids: &[Uuid],
    outcome: Outcome,
) -> Result<Option<Result<Appended, AppendError>>, StoreError> {
    let admits = append.expected.admits(outcome.actual);
    if let Some(appended) = outcome.stored {
        return Ok(Some(Ok(appended)));
    }
    if append.events.is_empty() && admits {
        return Ok(Some(Ok(Appended::NOTHING)));
    }
    if !admits && !append.is_repeatable() {
        return Ok(Some(Err(conflict(append, outcome.actual))));
    }
    // Either a race was lost, after this statement's snapshot was taken, or the events may be there already.
    let (actual, found) = probe(store, connection, append, ids).await?;
    if append.is_repeatable() && !found.is_empty() {
        return Ok(Some(repetition(append, ids, &found)));
    }
    if admits && searches_window(append.expected) {
        return Ok(None);
    }
    // A transaction with a snapshot of its own does not see what it lost to.
    let actual = actual.filter(|_| !append.expected.admits(actual));
    Ok(Some(Err(conflict(append, actual))))
}

fn searches_window(expected: ExpectedVersion) -> bool {
    matches!(expected, ExpectedVersion::Any | ExpectedVersion::StreamExists)
}

fn conflict(append: &Append, actual: Option<StreamVersion>) -> AppendError {
    VersionConflict { stream_id: append.stream_id.clone(), expected: append.expected, actual }.into()
}

/// An event of the append that is already in the stream.
struct Found {
    version: StreamVersion,
    position: GlobalPosition,
    event_id: Uuid,
}

async fn probe(
    store: &Postgres,
    connection: &mut PgConnection,
    append: &Append,
    ids: &[Uuid],
) -> Result<(Option<StreamVersion>, Vec<Found>), StoreError> {
    let after = match append.expected {
        ExpectedVersion::Exact(version) => Some(version.get()),
        ExpectedVersion::NoStream => Some(0),
        ExpectedVersion::Any | ExpectedVersion::StreamExists => None,
    };
    let rows = store
        .sql
        .probe
        .query()
        .bind(append.stream_id.as_str().to_owned())
        .bind(after)
        .bind(ids.to_vec())
        .persistent(store.options.persistent)
        .fetch_all(connection)
        .await
        .map_err(store_error)?;
    let mut actual = None;
    let mut found = Vec::new();
    for row in rows {
        let number = |index: usize| row.try_get::<Option<i64>, _>(index).map_err(store_error);
        actual = number(0)?.and_then(StreamVersion::new);
        let place = number(1)?.and_then(StreamVersion::new).zip(number(2)?.and_then(GlobalPosition::new));
        if let Some((version, position)) = place {
            found.push(Found { version, position, event_id: row.try_get(3).map_err(store_error)? });
        }
    }
    Ok((actual, found))
}

/// The first result again, if just these events stand in the stream in just this order, at the place they were meant for.
fn repetition(append: &Append, ids: &[Uuid], found: &[Found]) -> Result<Appended, AppendError> {
    let start = match append.expected {
        ExpectedVersion::Exact(version) => version.get(),
        ExpectedVersion::NoStream => 0,
        ExpectedVersion::Any | ExpectedVersion::StreamExists => found[0].version.get() - 1,
    };
    let complete = found.len() == ids.len()
        && found
            .iter()
            .zip(ids)
            .zip(start + 1..)
            .all(|((found, id), version)| found.event_id == *id && found.version.get() == version);
    match found.last() {
        Some(last) if complete => Ok(Appended::at(last.version, last.position)),
        _ => Err(AppendError::IdempotencyMismatch {
            stream_id: append.stream_id.clone(),
            event_id: found[0].event_id.into(),
        }),
    }
}
