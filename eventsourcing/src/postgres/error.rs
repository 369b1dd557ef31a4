//! What the driver reports, as what callers branch on: by SQLSTATE, never by message text.

use std::sync::Arc;

use sqlx::{Error, migrate::MigrateError};

use crate::store::StoreError;

pub(super) fn store_error(error: Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(std::borrow::Cow::into_owned);
    match (code.as_deref(), error) {
        // serialization_failure, deadlock_detected
        (Some("40001" | "40P01"), error) => StoreError::Serialization { source: Arc::new(error) },
        // read_only_sql_transaction
        (Some("25006"), _) => StoreError::Unfit {
            problem: "it is read-only here: connect to the primary, in a transaction that may write".to_owned(),
        },
        // undefined_table, invalid_schema_name, undefined_column
        (Some("42P01" | "3F000" | "42703"), error) => {
            StoreError::Unfit { problem: format!("a table of the store is missing ({error}); run `migrate()`") }
        }
        (Some(code), error) if is_unavailable(code) => StoreError::Unavailable { source: Arc::new(error) },
        (None, error @ (Error::Io(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::WorkerCrashed)) => {
            StoreError::Unavailable { source: Arc::new(error) }
        }
        (None, Error::Tls(error)) => StoreError::Unfit {
            problem: format!(
                "no TLS connection: {error}; the features `tls-rustls` and `tls-native-tls` of this crate bring TLS"
            ),
        },
        (_, error) => StoreError::Database { source: Arc::new(error) },
    }
}

/// Classes 08 (connection), 53 (resources) and 57P (operator intervention: shutdown, restart, recovery), and the time-outs
/// with which the server ends a session (25P03, 25P04).
fn is_unavailable(code: &str) -> bool {
    let classes = ["08", "53", "57P"];
    classes.iter().any(|class| code.starts_with(class)) || matches!(code, "25P03" | "25P04")
}

pub(super) fn migrate_error(error: MigrateError, schema: &str) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => store_error(error),
        error => StoreError::Schema { schema: schema.to_owned(), problem: error.to_string() },
    }
}

pub(super) fn corrupt(problem: String) -> StoreError {
    StoreError::Corrupt { problem }
}
