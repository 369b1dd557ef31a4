//! What the driver reports, as what callers branch on: by SQLSTATE, never by message text.

use std::{error::Error as StdError, io, sync::Arc};

use sqlx::{Error, postgres::PgDatabaseError};

use super::driver::code;
use crate::port::StoreError;

pub(super) fn store_error(error: Error) -> StoreError {
    if let Some((position, log)) = behind_the_log(&error) {
        return StoreError::SequenceBehind { position, log };
    }
    match kind(&error) {
        Kind::Serialization => StoreError::Serialization { source: Arc::new(error) },
        Kind::Cancelled => StoreError::Cancelled { source: Arc::new(error) },
        Kind::Unavailable => StoreError::Unavailable { source: Arc::new(error) },
        Kind::Aborted => StoreError::TransactionAborted,
        Kind::ReadOnly => StoreError::ReadOnly,
        Kind::MissingTable => StoreError::Unfit {
            problem: format!("a table or function of the store is missing ({error}); run `migrate()`"),
        },
        Kind::NoPositions => StoreError::Unfit {
            problem: format!(
                "no position is left ({error}); the sequence `events_position` was set to its end by hand: set it to the \
                 last position of the log with `setval`"
            ),
        },
        Kind::Tls => StoreError::Unfit {
            problem: format!(
                "no TLS connection: {error}; the features `tls-rustls` and `tls-native-tls` of this crate bring TLS"
            ),
        },
        Kind::Other => StoreError::Database { source: Arc::new(error) },
    }
}

/// Of a position that is not above the end of the log: what it was, and up to where the log was known to reach.
///
/// Either `refuse_position` says so, or the primary key of the log, where an event stands at it. The numbers are in the
/// detail, whatever its language.
fn behind_the_log(error: &Error) -> Option<(i64, i64)> {
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    // unique_violation
    if error.code() != "ES002" && (error.code() != "23505" || error.constraint() != Some("events_pkey")) {
        return None;
    }
    let mut numbers = error.detail()?.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    let position = numbers.next()?;
    Some((position, numbers.next().unwrap_or(position)))
}

/// What a commit reports in place of committing.
pub(super) fn commit_error(error: Error) -> StoreError {
    match code(&error).as_deref() {
        // no_active_sql_transaction
        Some("25P01") => StoreError::TransactionEnded,
        // invalid_savepoint_specification: that of the caller's savepoint, which was dropped while it was released
        Some("3B001") => StoreError::TransactionAborted,
        _ => store_error(error),
    }
}

/// Whether a fault of the database that passes by itself is the cause of an error, however deep it stands below it.
pub(super) fn is_transient(error: &(dyn StdError + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    causes.any(|cause| {
        cause.downcast_ref::<Error>().is_some_and(|error| {
            matches!(kind(error), Kind::Serialization | Kind::Cancelled | Kind::Unavailable | Kind::ReadOnly)
        }) || cause.downcast_ref::<StoreError>().is_some_and(StoreError::is_transient)
    })
}

/// Whether a statement provably did not reach the server as a whole: writing to the connection failed.
pub(super) fn is_unsent(error: &StoreError) -> bool {
    let StoreError::Unavailable { source } = error else { return false };
    let io = source.downcast_ref::<Error>().and_then(|error| match error {
        Error::Io(error) => Some(error.kind()),
        _ => None,
    });
    // Only writing to a connection that the other side has closed is a broken pipe.
    matches!(io, Some(io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound))
}

/// What callers branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Serialization,
    Cancelled,
    Unavailable,
    Aborted,
    ReadOnly,
    MissingTable,
    NoPositions,
    Tls,
    Other,
}

/// By SQLSTATE, never by message text.
fn kind(error: &Error) -> Kind {
    match (code(error).as_deref(), error) {
        // serialization_failure, deadlock_detected
        (Some("40001" | "40P01"), _) => Kind::Serialization,
        // query_canceled, lock_not_available
        (Some("57014" | "55P03"), _) => Kind::Cancelled,
        // in_failed_sql_transaction
        (Some("25P02"), _) => Kind::Aborted,
        // read_only_sql_transaction
        (Some("25006"), _) => Kind::ReadOnly,
        // undefined_table, invalid_schema_name, undefined_column, undefined_function
        (Some("42P01" | "3F000" | "42703" | "42883"), _) => Kind::MissingTable,
        // sequence_generator_limit_exceeded
        (Some("2200H"), _) => Kind::NoPositions,
        (Some(code), _) if is_unavailable(code) => Kind::Unavailable,
        (None, Error::Io(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::WorkerCrashed) => Kind::Unavailable,
        (None, Error::Tls(_)) => Kind::Tls,
        _ => Kind::Other,
    }
}

/// Classes 08 (connection), 53 (resources: too many connections, disk full, out of memory) and 57P (operator intervention:
/// shutdown, restart, recovery), and the time-outs with which the server ends a session (25P03, 25P04).
fn is_unavailable(code: &str) -> bool {
    let classes = ["08", "53", "57P"];
    classes.iter().any(|class| code.starts_with(class)) || matches!(code, "25P03" | "25P04")
}

pub(super) fn corrupt(problem: String) -> StoreError {
    StoreError::Corrupt { problem }
}
