//! Port: where statements run, and the transactions that a store begins.

use std::{error::Error, fmt, time::Duration};

use super::error::StoreError;

/// Where a statement runs: on a connection of the store's own, or inside the caller's transaction.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "adapters match on it")]
pub enum Via<'c, C> {
    /// On a connection of the store's own; the statement is its own transaction.
    Store,
    /// On this connection, within the transaction that is open on it.
    Caller(&'c mut C),
}

impl<C> Via<'_, C> {
    /// The same for one statement, so that another can follow.
    pub fn reborrow(&mut self) -> Via<'_, C> {
        match self {
            Self::Store => Via::Store,
            Self::Caller(connection) => Via::Caller(connection),
        }
    }
}

/// A database in which statements run one by one, or together in a transaction.
///
/// The type itself is the marker that users name, as in `Projection<Postgres>`. It is a cheap handle.
pub trait Transactions: Clone + fmt::Debug + Send + Sync + 'static {
    /// The connection on which callers and projections run statements of their own.
    type Connection: Send;

    /// A transaction that the store began; dropping it rolls it back.
    type Transaction: Send;

    /// How long the database may take to answer a statement of a background task, which gives the connection up then:
    /// nothing else notices a peer that has vanished without a word.
    fn answer_timeout(&self) -> Duration;

    /// Begins a transaction.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, StoreError>> + Send;

    /// The connection on which a transaction is open.
    fn connection(transaction: &mut Self::Transaction) -> &mut Self::Connection;

    /// Commits: `Ok` means that the database has committed, and a transaction that it has aborted is an error. A dropped
    /// future leaves the transaction either committed or rolled back.
    fn commit(transaction: Self::Transaction) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Rolls back.
    fn rollback(transaction: Self::Transaction) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Whether a connection still answers: tells a fault of the connection from a fault of a statement.
    fn is_alive(connection: &mut Self::Connection) -> impl Future<Output = bool> + Send;

    /// Whether a fault of the database that passes by itself is the cause of an error, however deep it stands below it:
    /// what a projection's own statements report is tried again then.
    fn is_transient(error: &(dyn Error + 'static)) -> bool;
}
