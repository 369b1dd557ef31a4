//! Why an append was not stored: a second statement sees what the first one lost to.

use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::{
    super::{adapter::Postgres, error::store_error},
    group::Group,
    outcome::Outcome,
    window::searches_window,
};
use crate::{
    columns::{Found, conflict, repetition, start},
    port::{Append, AppendError, Appended, StoreError, Via},
    vocabulary::{GlobalPosition, StreamVersion},
};

/// What became of an append that was not stored; `None` when it has lost a race that is to be run again.
pub(super) async fn clear(
    store: &Postgres,
    connection: &mut PgConnection,
    group: &Group<'_>,
    index: usize,
    outcome: &Outcome,
) -> Result<Option<Result<Appended, AppendError>>, StoreError> {
    let (append, ids) = (&group.appends[index], &group.ids[index]);
    let (actual, found) = probe(store, connection, append, ids).await?;
    if let Some(repetition) = repetition(&append.stream_id, append.expected, ids, &found)
        && group.is_repeatable(index)
    {
        return Ok(Some(repetition));
    }
    if searches_window(append.expected) && append.expected.admits(outcome.actual) {
        return Ok(None);
    }
    // A transaction with a snapshot of its own does not see what it lost to.
    let actual = actual.filter(|_| !append.expected.admits(actual));
    Ok(Some(Err(conflict(&append.stream_id, append.expected, actual))))
}

async fn probe(
    store: &Postgres,
    connection: &mut PgConnection,
    append: &Append,
    ids: &[Uuid],
) -> Result<(Option<StreamVersion>, Vec<Found>), StoreError> {
    let after = start(append.expected);
    let until = after.map(|after| after.saturating_add(i64::try_from(ids.len()).unwrap_or(i64::MAX)));
    let statement = store.sql.probe.query().bind(append.stream_id.as_str()).bind(after).bind(until);
    let rows = store.fetch_all(Via::Caller(connection), statement.bind(ids)).await?;
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
