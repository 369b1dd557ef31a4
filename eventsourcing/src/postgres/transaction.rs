//! Transactions that the store begins: `Ok` from `commit` means that the server has committed, and no dropped future leaves
//! a connection of the pool inside one.

use std::{
    io,
    ops::{Deref, DerefMut},
};

use sqlx::{Connection, PgConnection, pool::PoolConnection, raw_sql};
use tokio::time::timeout;

use super::{
    adapter::Postgres,
    driver,
    error::{commit_error, store_error},
    link::PATIENCE,
    mutants,
};
use crate::port::StoreError;

/// Begins, and makes the commit wait for the disk where it would not: a crash must not hand out again a position that a
/// reader has seen.
const BEGIN: &str = "begin isolation level read committed; \
    select pg_catalog.set_config('synchronous_commit', 'local', true) \
    where pg_catalog.current_setting('synchronous_commit') operator(pg_catalog.=) 'off'";

/// A COMMIT of a transaction that a failed statement has aborted rolls it back, without an error. A savepoint in the same
/// message fails there (25P02), and where no transaction is open any more (25P01), and the COMMIT is not reached.
///
/// The driver still counts the transaction, and nothing public lowers its count but a rollback. `and chain` opens an empty
/// transaction for it to roll back: that is queued, costs nobody a round trip, and is no warning in the server's log.
const COMMIT: &str = "savepoint eventsourcing_commit; commit and chain";

/// A transaction that the store has begun. Dropping it rolls it back.
#[derive(Debug)]
pub struct PgStoreTransaction {
    connection: PoolConnection<sqlx::Postgres>,
    state: State,
}

/// What is to be done about the connection when the transaction is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// BEGIN or COMMIT may have reached the server, which has not answered: nobody else may get the connection.
    Unclear,
    /// The driver counts it.
    Open,
    Ended,
}

pub(super) async fn begin(store: &Postgres) -> Result<PgStoreTransaction, StoreError> {
    match begin_on(store, store.acquire().await?).await {
        // The connection was a dead one, of before a failover. Nothing has begun, and the next one is asked first.
        Err(StoreError::Unavailable { .. }) => {
            store.link.broke();
            begin_on(store, store.acquire().await?).await
        }
        begun => begun,
    }
}

async fn begin_on(
    store: &Postgres,
    connection: PoolConnection<sqlx::Postgres>,
) -> Result<PgStoreTransaction, StoreError> {
    // The guard stands before the first await.
    let state = if mutants::has("unguarded_begin") { State::Ended } else { State::Unclear };
    let mut transaction = PgStoreTransaction { connection, state };
    let begun = timeout(store.options.answer_timeout, driver::begin(&mut transaction.connection, BEGIN)).await;
    begun.map_err(|_| store.silence())?.map_err(store_error)?;
    transaction.state = State::Open;
    Ok(transaction)
}

impl PgStoreTransaction {
    /// Commits: `Ok` means that the server has committed. A dropped future leaves the transaction committed or rolled back.
    ///
    /// # Errors
    ///
    /// [`TransactionAborted`](StoreError::TransactionAborted) when a statement in it had failed, and
    /// [`TransactionEnded`](StoreError::TransactionEnded) when none is open on its connection any more.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let commit = if mutants::has("trusting_commit") { "commit and chain" } else { COMMIT };
        self.state = State::Unclear;
        let committed = raw_sql(commit).execute(&mut *self.connection).await;
        self.state = State::Open;
        committed.map_err(commit_error)?;
        // Of the empty transaction that the commit has chained.
        driver::queue_rollback(&mut self.connection);
        self.state = State::Ended;
        Ok(())
    }

    /// Rolls back. A dropped future does as well. A connection on which the server does not answer is closed.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](StoreError::Unavailable) when the connection is lost; nothing is stored then either.
    pub async fn rollback(mut self) -> Result<(), StoreError> {
        driver::queue_rollback(&mut self.connection);
        self.state = State::Unclear;
        let done = timeout(PATIENCE, self.connection.ping()).await;
        done.unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()))).map_err(store_error)?;
        self.state = State::Ended;
        Ok(())
    }

    /// Closes the connection when this is dropped.
    pub(super) fn give_up(&mut self) {
        self.state = State::Unclear;
    }
}

impl Deref for PgStoreTransaction {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for PgStoreTransaction {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for PgStoreTransaction {
    fn drop(&mut self) {
        match self.state {
            State::Unclear => self.connection.close_on_drop(),
            State::Open => driver::queue_rollback(&mut self.connection),
            State::Ended => {}
        }
    }
}
