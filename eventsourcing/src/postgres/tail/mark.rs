//! How far the log is settled, kept in the database: what a tail knows before it has waited for anybody.
//!
//! A mark is written when everything up to an event has been decided, so it is true in each later state of the database,
//! and in each that a recovery, a standby or a dump can bring back: what it rests on was committed before it. It is
//! believed only while its event stands at its position, so a table that was put back by hand does no harm either.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    super::{driver::code, rows::get},
    connection::TailConnection,
};
use crate::{
    port::{Mark, StoreError, Timeline},
    vocabulary::{Chain, EventId, GlobalPosition},
};

/// What the table says.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) mark: Option<Mark>,
    timeline: Option<Timeline>,
}

/// What the database says of how far the log is settled: nothing when this role may not know.
pub(super) async fn read(on: &mut TailConnection) -> Result<Known, StoreError> {
    let statement = on.store.sql.settled.query();
    let row = match on.first_row(statement).await {
        Ok(Some(row)) => row,
        Ok(None) => return Ok(Known::default()),
        Err(error) if is_refused(&error) => {
            tracing::debug!(error = %Chain(&error), "this role may not read how far the log is settled");
            return Ok(Known::default());
        }
        Err(error) => return Err(error),
    };
    let at = |column| Ok::<_, StoreError>(get::<Option<i64>>(&row, column)?.and_then(GlobalPosition::new));
    let event_id = get::<Option<Uuid>>(&row, 1)?.map(EventId::from);
    let mark = at(0)?.zip(event_id).map(|(position, event_id)| Mark { position, event_id });
    let timeline = match get::<Option<&str>>(&row, 2)? {
        Some(id) => Some(Timeline { id: id.into(), forked_after: at(3)?, forked_until: at(4)? }),
        None => None,
    };
    let holds: bool = get(&row, 5)?;
    Ok(Known { mark: mark.filter(|_| holds), timeline })
}

/// Writes down how far the log is settled. A role that may not do so leaves it to others.
pub(super) async fn write(on: &mut TailConnection, mark: Mark) -> Result<(), StoreError> {
    let statement = on.store.sql.settle.query();
    let statement = statement.bind(mark.position.get()).bind(Uuid::from(mark.event_id));
    unless_refused(on.first_row(statement).await)
}

/// In which timeline the server is, and what the one before it may have lost; `None` when the server does not say.
pub(super) async fn timeline(on: &mut TailConnection, known: Known) -> Result<Option<Timeline>, StoreError> {
    let statement = on.store.sql.timeline.query();
    let id: Arc<str> = match on.first_row(statement).await {
        Ok(Some(row)) => get::<&str>(&row, 0)?.into(),
        Ok(None) => return Ok(None),
        Err(error @ StoreError::Database { .. }) => {
            tracing::debug!(error = %Chain(&error), "the server does not say in which timeline it is");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut timeline = Timeline { id, forked_after: None, forked_until: None };
    match known.timeline {
        Some(before) if before.id == timeline.id => return Ok(Some(before)),
        Some(_) => {
            timeline.forked_after = known.mark.map(|mark| mark.position);
            timeline.forked_until = GlobalPosition::new(on.last_value().await?);
        }
        None => {}
    }
    let statement = on.store.sql.move_to_timeline.query().bind(timeline.id.to_string());
    let statement = statement.bind(timeline.forked_after.map(GlobalPosition::get));
    let statement = statement.bind(timeline.forked_until.map(GlobalPosition::get));
    unless_refused(on.first_row(statement).await)?;
    Ok(Some(timeline))
}

/// A mark is a help for others, and no duty.
fn unless_refused<T>(written: Result<T, StoreError>) -> Result<(), StoreError> {
    match written {
        Err(error) if is_refused(&error) => {
            tracing::debug!(error = %Chain(&error), "this role may not write down how far the log is settled");
            Ok(())
        }
        written => written.map(drop),
    }
}

/// Whether a role may not do something.
fn is_refused(error: &StoreError) -> bool {
    match error {
        StoreError::ReadOnly => true,
        // insufficient_privilege
        StoreError::Database { source } => {
            source.downcast_ref::<sqlx::Error>().and_then(code).is_some_and(|code| code == "42501")
        }
        _ => false,
    }
}
