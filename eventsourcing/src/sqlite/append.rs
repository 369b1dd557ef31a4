//! Appending. What waits at the same moment is written in one transaction, each append with its own expectation and result.

use std::{sync::Arc, time::SystemTime};

use sqlx::{Row, SqliteConnection, raw_sql, sqlite::SqliteRow};
use tokio::{runtime::Handle, sync::oneshot};
use uuid::Uuid;

use super::{
    adapter::Sqlite,
    error::{error_in_transaction, is_busy, store_error},
    job::{Job, NewRow, Prepared, Results},
    sql,
    writer::Held,
};
use crate::{
    columns::{Found, conflict, encode_expected, not_json, repetition, start},
    lane::Turn,
    port::{self, Append, AppendError, Appended, InvalidAppend, StoreError, Via},
    vocabulary::{GlobalPosition, StreamVersion},
};

const SAVEPOINT: &str = "savepoint eventsourcing_append";
const RELEASE: &str = "release eventsourcing_append";
const ROLLBACK: &str = "rollback to eventsourcing_append; release eventsourcing_append";

pub(super) async fn append(
    store: &Sqlite,
    via: Via<'_, SqliteConnection>,
    appends: &[Append],
) -> Result<Results, StoreError> {
    let refused = refused(store, appends);
    let valid = appends.iter().zip(&refused).filter(|(_, refused)| refused.is_none());
    let prepared: Vec<Prepared> = valid.map(|(append, _)| Prepared::new(append)).collect();
    let stored = match via {
        _ if prepared.is_empty() => Vec::new(),
        Via::Store => submit(store, prepared, false).await?,
        Via::Caller(connection) => within(store, connection, &prepared).await?,
    };
    let mut stored = stored.into_iter();
    Ok(refused
        .into_iter()
        .filter_map(|refused| refused.map_or_else(|| stored.next(), |refused| Some(Err(refused.into()))))
        .collect())
}

pub(super) async fn append_all(store: &Sqlite, appends: &[Append]) -> Result<Vec<Appended>, AppendError> {
    if let Some(refused) = refused(store, appends).into_iter().flatten().next() {
        return Err(refused.into());
    }
    if appends.is_empty() {
        return Ok(Vec::new());
    }
    submit(store, appends.iter().map(Prepared::new).collect(), true).await?.into_iter().collect()
}

/// What is invalid about each append, before anything is sent.
fn refused(store: &Sqlite, appends: &[Append]) -> Vec<Option<InvalidAppend>> {
    let invalid = port::check_group(appends, store.0.options.limits).into_iter().zip(appends);
    invalid.map(|(invalid, append)| invalid.or_else(|| not_json(append))).collect()
}

/// Queues up, and waits for what comes of it.
///
/// Who finds nobody writing and has one event to append does so himself. Everything else is written by a task, until nothing
/// waits any more. So no caller writes for others, and one that is dropped leaves its appends wholly stored or not at all.
async fn submit(store: &Sqlite, appends: Vec<Prepared>, is_whole: bool) -> Result<Results, StoreError> {
    let (answer, answered) = oneshot::channel();
    let weight = appends.iter().map(|append| append.events.len()).sum();
    if let Some(turn) = store.0.lane.enter(Job { appends, is_whole, answer }, weight).await {
        let mut serving = Serving { store, turn };
        let jobs = serving.turn.next().unwrap_or_default();
        if let [job] = jobs.as_slice()
            && let Some(append) = job.single()
        {
            let mut held = store.0.writer.hold().await?;
            return write_single(store, &mut held, append).await.map(|result| vec![result]);
        }
        tokio::spawn(serve(store.clone(), serving.turn.hand_over(), jobs));
    }
    answered.await.unwrap_or_else(|_| Err(unanswered()))
}

/// A turn that a caller has. What waits when it ends, or when the caller is dropped, is left to a task.
struct Serving<'a> {
    store: &'a Sqlite,
    turn: Turn<Job>,
}

impl Drop for Serving<'_> {
    fn drop(&mut self) {
        if let Ok(runtime) = Handle::try_current()
            && let Some(jobs) = self.turn.next()
        {
            runtime.spawn(serve(self.store.clone(), self.turn.hand_over(), jobs));
        }
    }
}

/// The task that writes has ended, with its runtime.
fn unanswered() -> StoreError {
    StoreError::Unavailable { source: Arc::new(std::io::Error::other("the task that writes has ended")) }
}

async fn serve(store: Sqlite, mut turn: Turn<Job>, first: Vec<Job>) {
    let mut next = Some(first);
    while let Some(mut jobs) = next {
        jobs.retain(|job| !job.answer.is_closed());
        match write(&store, &jobs).await {
            Ok(results) => answer(jobs, results),
            // One of them is to blame, and the others have nothing to do with it.
            Err(error) if jobs.len() > 1 && is_of_one(&error) => {
                for job in jobs {
                    let result = write(&store, std::slice::from_ref(&job)).await;
                    let result = result.map(|mut results| results.pop().unwrap_or_default());
                    job.answer.send(result).ok();
                }
            }
            Err(error) => jobs.into_iter().for_each(|job| drop(job.answer.send(Err(error.clone())))),
        }
        company(&turn).await;
        next = turn.next();
    }
}

/// Lets those who have just been answered come again, so that they go out with those who have waited meanwhile. Without it,
/// two halves would take turns, each waiting for the other one's commit. Nobody is waited for: it ends when nobody comes.
async fn company(turn: &Turn<Job>) {
    let mut waiting = None;
    while waiting != Some(turn.waiting()) {
        waiting = Some(turn.waiting());
        tokio::task::yield_now().await;
    }
}

fn answer(jobs: Vec<Job>, results: Vec<Results>) {
    for (job, results) in jobs.into_iter().zip(results) {
        job.answer.send(Ok(results)).ok();
    }
}

/// Whether an error is that of a statement, and not of the file.
fn is_of_one(error: &StoreError) -> bool {
    matches!(error, StoreError::Database { .. } | StoreError::Corrupt { .. })
}

/// All jobs in one transaction.
async fn write(store: &Sqlite, jobs: &[Job]) -> Result<Vec<Results>, StoreError> {
    let mut held = store.0.writer.hold().await?;
    if let [job] = jobs
        && let Some(append) = job.single()
    {
        return write_single(store, &mut held, append).await.map(|result| vec![vec![result]]);
    }
    held.begin().await?;
    let mut results = Vec::with_capacity(jobs.len());
    let mut left = jobs;
    while !left.is_empty() {
        match run_next(&mut held, left).await.map_err(store_error) {
            Ok(next) => {
                left = left.get(next.len()..).unwrap_or_default();
                results.extend(next);
            }
            Err(error) => return Err(store.explained(&mut held, error).await),
        }
    }
    held.commit().await?;
    Ok(results)
}

/// An append of one event needs no transaction around it: its one statement is one.
async fn write_single(
    store: &Sqlite,
    held: &mut Held,
    append: &Prepared,
) -> Result<Result<Appended, AppendError>, StoreError> {
    let mut patience = held.patience();
    loop {
        let statement = bind_first(sqlx::query(sql::APPEND_FIRST.as_str()), append, now());
        // To its end: the statement commits behind its last row.
        match statement.fetch_all(&mut **held).await {
            Ok(rows) => {
                if let Some(row) = rows.first() {
                    return stored(row).map(Ok).map_err(store_error);
                }
                let actual = actual(held, append).await.map_err(store_error)?;
                if !append.expected.admits(actual) {
                    return Ok(Err(conflict(&append.stream_id, append.expected, actual)));
                }
                // Another process has made true what was not, and may do so again: that is waited for like its writing.
                patience.pause().await?;
            }
            Err(error) if is_busy(&error) => patience.after(error).await?,
            Err(error) => return Err(store.explained(held, store_error(error)).await),
        }
    }
}

/// The results of the next jobs: of many that have one event each, or of the first.
async fn run_next(connection: &mut SqliteConnection, jobs: &[Job]) -> Result<Vec<Results>, sqlx::Error> {
    let singles: Vec<&Prepared> = jobs.iter().map_while(Job::single).collect();
    for (many, sql) in sql::APPEND_MANY.iter() {
        if let Some(appends) = singles.get(..*many) {
            return run_many(connection, sql, appends).await;
        }
    }
    match jobs.first() {
        Some(job) => Ok(vec![run(connection, job).await?]),
        None => Ok(Vec::new()),
    }
}

/// Appends of one event each, on one way to the database and back.
async fn run_many(
    connection: &mut SqliteConnection,
    sql: &'static str,
    appends: &[&Prepared],
) -> Result<Vec<Results>, sqlx::Error> {
    let now = now();
    let statement = appends.iter().fold(sqlx::query(sql), |statement, append| bind_first(statement, append, now));
    let mut found: Vec<Option<Appended>> = vec![None; appends.len()];
    for row in statement.fetch_all(&mut *connection).await? {
        let ordinal: i64 = row.try_get(2)?;
        if let Some(found) = usize::try_from(ordinal).ok().and_then(|ordinal| found.get_mut(ordinal)) {
            *found = Some(stored(&row)?);
        }
    }
    let mut results = Vec::with_capacity(appends.len());
    for (append, found) in appends.iter().zip(found) {
        // One that was refused counts as the last of them, so that what it is told is so.
        results.push(vec![match found {
            Some(appended) => Ok(appended),
            None => append_one(connection, append).await?,
        }]);
    }
    Ok(results)
}

/// One job in the transaction. What it has not stored leaves nothing behind.
async fn run(connection: &mut SqliteConnection, job: &Job) -> Result<Results, sqlx::Error> {
    // An append that is refused has written nothing.
    if !job.is_whole || job.appends.len() == 1 {
        return run_each(connection, &job.appends).await;
    }
    execute(connection, SAVEPOINT).await?;
    let mut results = Vec::with_capacity(job.appends.len());
    for append in &job.appends {
        let result = append_one(connection, append).await?;
        let is_refused = result.is_err();
        results.push(result);
        if is_refused {
            execute(connection, ROLLBACK).await?;
            return Ok(results);
        }
    }
    execute(connection, RELEASE).await?;
    Ok(results)
}

async fn run_each(connection: &mut SqliteConnection, appends: &[Prepared]) -> Result<Results, sqlx::Error> {
    let mut results = Vec::with_capacity(appends.len());
    for append in appends {
        results.push(append_one(connection, append).await?);
    }
    Ok(results)
}

/// In the caller's transaction. The savepoint takes back what a failed statement leaves of an append of several events.
async fn within(
    store: &Sqlite,
    connection: &mut SqliteConnection,
    appends: &[Prepared],
) -> Result<Results, StoreError> {
    execute(connection, SAVEPOINT).await.map_err(error_in_transaction)?;
    let result = run_each(connection, appends).await.map_err(error_in_transaction);
    // A full disk ends the whole transaction, and the savepoint with it.
    let ended = execute(connection, if result.is_ok() { RELEASE } else { ROLLBACK }).await;
    match result {
        Ok(results) => ended.map(|()| results).map_err(error_in_transaction),
        Err(error) => Err(store.explained(connection, error).await),
    }
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    raw_sql(sql).execute(connection).await.map(drop)
}

async fn append_one(
    connection: &mut SqliteConnection,
    append: &Prepared,
) -> Result<Result<Appended, AppendError>, sqlx::Error> {
    let Prepared { stream_id, expected, ids, events, is_repeatable } = append;
    if *is_repeatable {
        let found = probe(connection, append).await?;
        if let Some(repetition) = repetition(stream_id, *expected, ids, &found) {
            return Ok(repetition);
        }
    }
    if events.is_empty() {
        let actual = actual(connection, append).await?;
        let holds = expected.admits(actual);
        return Ok(if holds { Ok(Appended::NOTHING) } else { Err(conflict(stream_id, *expected, actual)) });
    }
    let now = now();
    let first = bind_first(sqlx::query(sql::APPEND_FIRST.as_str()), append, now).fetch_all(&mut *connection).await?;
    let Some(mut appended) = first.first().map(stored).transpose()? else {
        return Ok(Err(conflict(stream_id, *expected, actual(connection, append).await?)));
    };
    for (id, next) in ids.iter().zip(events).skip(1) {
        let version = appended.version.map_or(1, |version| version.get().saturating_add(1));
        let statement = sqlx::query(sql::APPEND_NEXT).bind(stream_id.as_str()).bind(version);
        let position = bind(statement, *id, now, next).execute(&mut *connection).await?.last_insert_rowid();
        appended = place(version, position).map(|(version, position)| Appended::at(version, position))?;
    }
    Ok(Ok(appended))
}

/// Where the first event of an append was stored.
fn stored(row: &SqliteRow) -> Result<Appended, sqlx::Error> {
    place(row.try_get(0)?, row.try_get(1)?).map(|(version, position)| Appended::at(version, position))
}

type Statement<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// What comes before the event, and the first event; nothing for an append of nothing.
fn bind_first<'q>(statement: Statement<'q>, append: &Prepared, now: i64) -> Statement<'q> {
    let statement = statement.bind(append.stream_id.as_str().to_owned()).bind(encode_expected(append.expected));
    match append.ids.iter().zip(&append.events).next() {
        Some((id, first)) => bind(statement, *id, now, first),
        None => statement,
    }
}

fn bind<'q>(statement: Statement<'q>, id: Uuid, now: i64, row: &NewRow) -> Statement<'q> {
    statement
        .bind(id)
        .bind(now)
        .bind(Arc::clone(&row.tag))
        .bind(row.schema_version)
        .bind(row.correlation_id.clone())
        .bind(row.causation_id.clone())
        .bind(row.metadata.clone())
        .bind(Arc::clone(&row.payload))
}

async fn actual(connection: &mut SqliteConnection, append: &Prepared) -> Result<Option<StreamVersion>, sqlx::Error> {
    let row = sqlx::query(sql::ACTUAL).bind(append.stream_id.as_str()).fetch_one(connection).await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.and_then(StreamVersion::new))
}

/// Which events of the append are in the stream already.
async fn probe(connection: &mut SqliteConnection, append: &Prepared) -> Result<Vec<Found>, sqlx::Error> {
    let after = start(append.expected);
    let until = after.map(|after| after.saturating_add(i64::try_from(append.ids.len()).unwrap_or(i64::MAX)));
    let ids: Vec<String> = append.ids.iter().map(|id| id.simple().to_string()).collect();
    let statement = sqlx::query(sql::PROBE).bind(append.stream_id.as_str()).bind(after).bind(until);
    let rows = statement.bind(serde_json::Value::from(ids).to_string()).fetch_all(connection).await?;
    let found = rows.iter().map(|row| {
        let (version, position) = place(row.try_get(0)?, row.try_get(1)?)?;
        Ok(Found { version, position, event_id: row.try_get(2)? })
    });
    found.collect()
}

/// Where an event stands; the table has no others.
fn place(version: i64, position: i64) -> Result<(StreamVersion, GlobalPosition), sqlx::Error> {
    let place = StreamVersion::new(version).zip(GlobalPosition::new(position));
    place.ok_or_else(|| sqlx::Error::Decode(format!("an event at version {version}, position {position}").into()))
}

/// Microseconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
