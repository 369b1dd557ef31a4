//! Appending: one statement for a group of appends, each with its own expectation and its own result.

mod columns;
mod statement;

use std::collections::HashSet;

use columns::Columns;
use sqlx::{PgConnection, Row, postgres::PgRow};
pub(super) use statement::{large, large_registering, large_with_window, small, small_registering};
use uuid::Uuid;

use super::{Postgres, error::store_error, event_types::Epoch};
use crate::{
    position::{ExpectedVersion, GlobalPosition, StreamVersion},
    record::EventId,
    store::{Append, AppendError, Appended, InvalidAppend, StoreError, VersionConflict, Via},
};

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
        let done = match via {
            Via::Store => {
                let mut lease = store.lease().await?;
                let done = run(store, &mut lease, false, appends, &mut results).await;
                done.and(lease.end().await)
            }
            Via::Caller(connection) => run(store, connection, true, appends, &mut results).await,
        };
        if let Err(StoreError::Unavailable { .. }) = done {
            store.link.broke();
        }
        done?;
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
    let events = group.iter().flat_map(|&index| &appends[index].events).map(|new| &new.event);
    let unknown = store.link.registered.unknown_as_of(events);
    let sql = match (unknown, is_large, columns.window_ids.contains(&true)) {
        (None, false, _) => &store.sql.append,
        (None, true, false) => &store.sql.append_large,
        (None, true, true) => &store.sql.append_large_with_window,
        (Some(_), false, _) => &store.sql.append_registering,
        (Some(_), true, _) => &store.sql.append_large_registering,
    };
    let statement = columns.bind(sql.query().bind(is_callers));
    let statement = if is_large { statement.persistent(false) } else { statement };
    let found = statement.fetch_all(connection).await.map_err(store_error)?;
    let outcomes: Vec<Outcome> = found.iter().map(outcome).collect::<Result<_, _>>()?;
    if let (Some(epoch), Some(row)) = (unknown, found.first()) {
        // The store's own statement was a transaction, and is committed; the caller's may still be rolled back.
        if !is_callers || row.try_get(6).map_err(store_error)? {
            learn(store, epoch, appends, group, &outcomes);
        }
    }
    Ok(outcomes)
}

/// What was stored has been registered with it.
fn learn(store: &Postgres, epoch: Epoch, appends: &[Append], group: &[usize], outcomes: &[Outcome]) {
    let stored = group.iter().zip(outcomes).filter(|(_, outcome)| outcome.stored.is_some());
    let events = stored.flat_map(|(&index, _)| &appends[index].events).map(|new| &new.event);
    store.link.registered.learn(epoch, events.map(|event| (&event.tag, event.schema_version)));
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
    let statement = store.sql.probe.query().bind(append.stream_id.as_str().to_owned()).bind(after).bind(ids.to_vec());
    let rows = store.fetch_all(Via::Caller(connection), statement).await?;
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
