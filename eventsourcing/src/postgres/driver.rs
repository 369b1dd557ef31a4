//! What the driver (`sqlx` 0.9.0) knows of a connection's transaction, and what it has to be asked in a round about way.
//!
//! The driver counts the transactions and savepoints that it has begun itself. What the server says about the connection
//! with each answer it keeps to itself, so a `BEGIN` that was sent and whose future was dropped leaves a transaction of
//! which the count knows nothing: what runs on that connection next is committed by nobody.

use sqlx::{Connection, Error, PgConnection, SqlSafeStr, postgres::PgTransactionManager as Manager, raw_sql};
use sqlx_core::transaction::TransactionManager;

use super::mutants;

/// Sends `statement`, which begins a transaction, and counts it.
pub(super) async fn begin(connection: &mut PgConnection, statement: &'static str) -> Result<(), Error> {
    Manager::begin(connection, Some(statement.into_sql_str())).await
}

/// Queues the rollback of every transaction and savepoint that the driver counts. It is sent before whatever is sent next.
pub(super) fn queue_rollback(connection: &mut PgConnection) {
    while Manager::get_transaction_depth(connection) > 0 {
        Manager::start_rollback(connection);
    }
}

/// Makes sure that a connection is outside of any transaction, and rolls back one that nobody holds any more. One round
/// trip, and one more where there was one.
///
/// The one function of the driver that shows what the server says is its `begin`: it fails when no transaction is open
/// after the statement it was given. So it is given a statement that opens none.
pub(super) async fn leave_transaction(connection: &mut PgConnection) -> Result<(), Error> {
    if mutants::has("unchecked_connection") {
        return connection.ping().await;
    }
    queue_rollback(connection);
    let is_open = match begin(connection, "select").await {
        Err(Error::BeginFailed) => return Ok(()),
        Ok(()) => true,
        // in_failed_sql_transaction
        Err(error) if code(&error).is_some_and(|code| code == "25P02") => false,
        Err(error) => return Err(error),
    };
    tracing::debug!("a connection came back inside a transaction that nobody holds any more; it is rolled back");
    if is_open {
        queue_rollback(connection);
        return connection.ping().await;
    }
    raw_sql("rollback").execute(connection).await.map(drop)
}

/// The SQLSTATE of an error that the server has sent.
pub(super) fn code(error: &Error) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code)
}
