//! What the statement's result means for an append.

use sqlx::{Row, postgres::PgRow};

use super::{super::error::store_error, window::searches_window};
use crate::{
    columns::conflict,
    port::{Append, AppendError, Appended, StoreError},
    vocabulary::{GlobalPosition, StreamVersion},
};

/// The statement's result for one append.
pub(super) struct Outcome {
    pub(super) actual: Option<StreamVersion>,
    pub(super) stored: Option<Appended>,
}

impl Outcome {
    pub(super) fn position(&self) -> Option<GlobalPosition> {
        self.stored.and_then(|appended| appended.position)
    }
}

pub(super) fn outcome(row: &PgRow) -> Result<Outcome, StoreError> {
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

pub(super) enum Verdict {
    Done(Result<Appended, AppendError>),
    /// To be tried again.
    Lost,
    /// Either a race was lost, after this statement's snapshot was taken, or the events may be there already.
    Unclear,
}

/// `is_repeatable` says that the events may stand in the stream already.
pub(super) fn judge(append: &Append, outcome: &Outcome, is_repeatable: bool) -> Verdict {
    let admits = append.expected.admits(outcome.actual);
    if let Some(appended) = outcome.stored {
        Verdict::Done(Ok(appended))
    } else if append.events.is_empty() && admits {
        Verdict::Done(Ok(Appended::NOTHING))
    } else if is_repeatable {
        Verdict::Unclear
    } else if !admits {
        Verdict::Done(Err(conflict(&append.stream_id, append.expected, outcome.actual)))
    } else if searches_window(append.expected) {
        Verdict::Lost
    } else {
        Verdict::Unclear
    }
}
