//! What the driver reports, as what callers branch on: by result code, never by message text.

use std::{error::Error as StdError, sync::Arc, time::Duration};

use sqlx::Error;

use crate::port::StoreError;

/// How long the database itself waits where the store does not: for somebody who repairs the file after a crash.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// The error of a statement that the store runs by itself.
pub(super) fn store_error(error: Error) -> StoreError {
    match kind(&error) {
        // Who writes has waited by himself, see `Held::begin`; here the database has.
        Kind::Busy | Kind::Stale => StoreError::Locked { waited: PATIENCE },
        Kind::Full => StoreError::DiskFull { source: Arc::new(error) },
        Kind::ReadOnly => StoreError::ReadOnly,
        Kind::Interrupted => StoreError::Cancelled { source: Arc::new(error) },
        Kind::Unavailable => StoreError::Unavailable { source: Arc::new(error) },
        Kind::Other => StoreError::Database { source: Arc::new(error) },
    }
}

/// The error of a statement in a transaction of the caller's. One that was begun to write is never refused a write.
pub(super) fn error_in_transaction(error: Error) -> StoreError {
    match kind(&error) {
        Kind::Busy | Kind::Stale => StoreError::DeferredTransaction { source: Arc::new(error) },
        _ => store_error(error),
    }
}

/// What a commit reports in place of committing.
pub(super) fn commit_error(error: Error) -> StoreError {
    match code(&error) {
        // SQLITE_ERROR: no transaction is active. A COMMIT has no other reason for it.
        Some(1) => StoreError::TransactionEnded,
        _ => store_error(error),
    }
}

/// Whether somebody else is writing, or was when a statement began.
pub(super) fn is_busy(error: &Error) -> bool {
    matches!(kind(error), Kind::Busy | Kind::Stale)
}

/// Whether a statement names what is not there: a table, a column, a function.
pub(super) fn is_missing(error: &StoreError) -> bool {
    let StoreError::Database { source } = error else { return false };
    source.downcast_ref().and_then(code) == Some(1)
}

/// Whether the file is no database.
pub(super) fn is_no_database(error: &Error) -> bool {
    // SQLITE_NOTADB
    code(error) == Some(26)
}

/// Whether a fault of the database that passes by itself is the cause of an error, however deep it stands below it.
pub(super) fn is_transient(error: &(dyn StdError + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    causes.any(|cause| {
        cause.downcast_ref::<Error>().is_some_and(|error| kind(error) != Kind::Other)
            || cause.downcast_ref::<StoreError>().is_some_and(StoreError::is_transient)
    })
}

/// What callers branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Busy,
    /// Others have written since the transaction first read.
    Stale,
    Full,
    ReadOnly,
    Interrupted,
    Unavailable,
    Other,
}

fn kind(error: &Error) -> Kind {
    let Some(code) = code(error) else {
        let is_lost = matches!(error, Error::Io(_) | Error::PoolTimedOut | Error::WorkerCrashed | Error::PoolClosed);
        return if is_lost { Kind::Unavailable } else { Kind::Other };
    };
    // SQLITE_BUSY_SNAPSHOT; the other codes say their kind in the lower byte.
    if code == 517 {
        return Kind::Stale;
    }
    match code & 0xff {
        // SQLITE_BUSY, SQLITE_LOCKED
        5 | 6 => Kind::Busy,
        // SQLITE_READONLY
        8 => Kind::ReadOnly,
        // SQLITE_INTERRUPT
        9 => Kind::Interrupted,
        // SQLITE_FULL
        13 => Kind::Full,
        // SQLITE_NOMEM, SQLITE_IOERR, SQLITE_CANTOPEN
        7 | 10 | 14 => Kind::Unavailable,
        _ => Kind::Other,
    }
}

/// The extended result code of an error that the database has reported.
fn code(error: &Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

pub(super) fn corrupt(problem: impl Into<String>) -> StoreError {
    StoreError::Corrupt { problem: problem.into() }
}
