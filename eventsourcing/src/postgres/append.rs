//! Appending: one statement for a group of appends, each with its own expectation and its own result.

use std::collections::HashSet;

use sqlx::{
    PgConnection, Row,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use uuid::Uuid;

use super::{Postgres, error::store_error, rows};
use crate::{
    metadata::Metadata,
    position::{ExpectedVersion, GlobalPosition, StreamVersion},
    record::{Encoded, EventId, NewEvent},
    store::{Append, AppendError, Appended, InvalidAppend, StoreError, VersionConflict, Via},
};

/// The statement for small groups, prepared once. The sub-selects hide how long the arrays are, so that a plan for any
/// group costs no more than one for the group at hand, and Postgres stops planning at each execution.
pub(super) fn small() -> String {
    APPEND.replace("{window}", WINDOW).replace("{array ", "(select ").replace("[]}", "[])")
}

/// The statement for large groups, planned for the group at hand: a plan for any group would compare each append with
/// each event.
pub(super) fn large() -> String {
    APPEND.replace("{window}", "").replace("{array ", "(").replace("[]}", "[])")
}

/// The same, where a repetition has to be looked for.
pub(super) fn large_with_window() -> String {
    APPEND.replace("{window}", WINDOW).replace("{array ", "(").replace("[]}", "[])")
}

/// `$1` says whether the transaction is the caller's. `$2..$4` describe the appends, in the order of their streams so that
/// two groups never wait for each other in a circle: stream, expectation, and whether to look for a repetition among the
/// latest events (`Any` and `StreamExists`). `$5..$11` are the first event of each append, null for an append of nothing;
/// `$12..$20` are all further events, each with its append and its place in it from 2.
///
/// Only the first event of an append can lose a race, against the unique key of its version; the others are inserted
/// from what that insertion returns. So an append is stored whole or not at all, whatever runs beside it. The sort
/// lets positions follow versions.
const APPEND: &str = r"
with durable as materialized (
    -- A crash must not hand out again a position that a reader has seen, so the commit has to be flushed.
    select case
        when pg_catalog.current_setting('synchronous_commit') {<>} 'off' then true
        when $1 then false
        else pg_catalog.set_config('synchronous_commit', 'local', true) is not null
    end as ok
),
target as materialized (
    select t.*, d.ok,
        (select e.version from {events} e where e.stream_id {=} t.stream_id order by e.version desc limit 1) as actual
    from durable d cross join rows from (
        pg_catalog.unnest({array $2::pg_catalog.text[]}),
        pg_catalog.unnest({array $3::bigint[]}),
        pg_catalog.unnest({array $4::boolean[]}),
        pg_catalog.unnest({array $5::pg_catalog.uuid[]}),
        pg_catalog.unnest({array $6::pg_catalog.text[]}),
        pg_catalog.unnest({array $7::integer[]}),
        pg_catalog.unnest({array $8::pg_catalog.text[]}),
        pg_catalog.unnest({array $9::pg_catalog.text[]}),
        pg_catalog.unnest({array $10::pg_catalog.text[]}),
        pg_catalog.unnest({array $11::pg_catalog.text[]})
    ) with ordinality as t(
        stream_id, expected, window_ids,
        event_id, tag, schema_version, correlation_id, causation_id, metadata, payload, append
    )
),
further as materialized (
    select i.*
    from rows from (
        pg_catalog.unnest({array $12::bigint[]}),
        pg_catalog.unnest({array $13::bigint[]}),
        pg_catalog.unnest({array $14::pg_catalog.uuid[]}),
        pg_catalog.unnest({array $15::pg_catalog.text[]}),
        pg_catalog.unnest({array $16::integer[]}),
        pg_catalog.unnest({array $17::pg_catalog.text[]}),
        pg_catalog.unnest({array $18::pg_catalog.text[]}),
        pg_catalog.unnest({array $19::pg_catalog.text[]}),
        pg_catalog.unnest({array $20::pg_catalog.text[]})
    ) as i(append, n, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
),
first as (
    insert into {events} (stream_id, version, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
    select t.stream_id, coalesce(t.actual, 0) {+} 1, t.event_id, t.tag, t.schema_version, t.correlation_id,
        t.causation_id, t.metadata::pg_catalog.json, t.payload::pg_catalog.json
    from target t
    where t.ok
        and t.event_id is not null
        and case
            when t.expected {=} -1 then true
            when t.expected {=} -2 then t.actual is not null
            when t.expected {=} 0 then t.actual is null
            else t.actual {=} t.expected
        end
        {window}
    order by t.append
    on conflict (stream_id, version) do nothing
    returning stream_id, version, position
),
rest as (
    insert into {events} (stream_id, version, event_id, tag, schema_version, correlation_id, causation_id, metadata, payload)
    select f.stream_id, f.version {+} (i.n {-} 1), i.event_id, i.tag, i.schema_version, i.correlation_id, i.causation_id,
        i.metadata::pg_catalog.json, i.payload::pg_catalog.json
    from first f join target t on t.stream_id {=} f.stream_id join further i on i.append {=} t.append
    order by t.append, i.n
    returning stream_id, version, position
)
select t.ok, t.actual, f.version, f.position, r.version, r.position
from target t
    left join first f on f.stream_id {=} t.stream_id
    left join (
        select stream_id, pg_catalog.max(version) as version, pg_catalog.max(position) as position
        from rest group by stream_id
    ) r on r.stream_id {=} t.stream_id
order by t.append
";

/// No event of the append is among the latest of its stream.
const WINDOW: &str = r"and case
    when t.window_ids then not exists (
        select 1 from {events} e
        where e.stream_id {=} t.stream_id
            and e.version {>} (t.actual {-} 256)
            and (
                e.event_id {=} t.event_id
                or e.event_id {=} any (select i.event_id from further i where i.append {=} t.append)
            )
    )
    else true
end";

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

/// From this many appends on, a group is large.
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
    for attempt in 1..=MAX_ATTEMPTS {
        let mut open: Vec<usize> = (0..appends.len()).filter(|&index| results[index].is_none()).collect();
        if open.is_empty() {
            return Ok(());
        }
        open.sort_by(|&a, &b| appends[a].stream_id.cmp(&appends[b].stream_id));
        let outcomes = match insert(store, connection, is_callers, appends, &ids, &open).await {
            // The statement was a transaction of its own, and is undone. Where the default isolation is stricter than READ
            // COMMITTED, a lost race comes as this error; the next statement sees to whom it was lost.
            Err(StoreError::Serialization { .. }) if !is_callers && attempt < MAX_ATTEMPTS => continue,
            outcomes => outcomes?,
        };
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
    let mut columns = Columns::default();
    for (ordinal, &index) in (1..).zip(group) {
        columns.push(ordinal, &appends[index], &ids[index]);
    }
    let is_large = group.len() >= LARGE_GROUP;
    let sql = match (is_large, columns.window_ids.contains(&true)) {
        (false, _) => &store.sql.append,
        (true, false) => &store.sql.append_large,
        (true, true) => &store.sql.append_large_with_window,
    };
    let found = columns
        .bind(sql.query().bind(is_callers))
        .persistent(store.options.persistent && !is_large)
        .fetch_all(connection)
        .await
        .map_err(store_error)?;
    found.iter().map(outcome).collect()
}

type Statement = Query<'static, sqlx::Postgres, PgArguments>;

/// The statement's parameters: a group of appends and their events, column by column.
#[derive(Default)]
struct Columns {
    stream_id: Vec<String>,
    expected: Vec<i64>,
    window_ids: Vec<bool>,
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
    fn push(&mut self, ordinal: i64, append: &Append, ids: &[Uuid]) {
        self.stream_id.push(append.stream_id.as_str().to_owned());
        self.expected.push(match append.expected {
            ExpectedVersion::Any => -1,
            ExpectedVersion::StreamExists => -2,
            ExpectedVersion::NoStream => 0,
            ExpectedVersion::Exact(version) => version.get(),
        });
        self.window_ids.push(append.is_repeatable() && searches_window(append.expected));
        let mut events = append.events.iter().zip(ids);
        self.first.push(events.next());
        for (n, event) in (2..).zip(events) {
            self.append.push(ordinal);
            self.n.push(n);
            self.further.push(Some(event));
        }
    }

    fn bind(self, statement: Statement) -> Statement {
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
        self.metadata.push(metadata.and_then(rows::encode_metadata));
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

fn outcome(row: &PgRow) -> Result<Outcome, StoreError> {
    let number = |index: usize| row.try_get::<Option<i64>, _>(index).map_err(store_error);
    if !row.try_get::<bool, _>(0).map_err(store_error)? {
        return Err(StoreError::SynchronousCommitOff);
    }
    let version = number(4)?.or(number(2)?).and_then(StreamVersion::new);
    let position = number(5)?.or(number(3)?).and_then(GlobalPosition::new);
    Ok(Outcome {
        actual: number(1)?.and_then(StreamVersion::new),
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
