//! The statements of the store, and the connections that they run on.

use std::ops::{Deref, DerefMut};

use futures_util::{FutureExt, StreamExt, TryStreamExt, future, stream};
use sqlx::{
    Error, PgConnection, SqlSafeStr,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use tokio::{
    sync::mpsc,
    time::{error::Elapsed, timeout},
};

use super::{
    adapter::Postgres,
    error::store_error,
    transaction::{self, PgStoreTransaction},
};
use crate::port::{Rows, StoreError, Via};

/// A statement with its parameters.
pub(super) type Statement = Query<'static, sqlx::Postgres, PgArguments>;

/// A connection of the store's own, for the time of a statement or a few.
///
/// Behind a pooler that gives each transaction another server, a statement that is not prepared there is parsed in one
/// round trip and run in the next; a transaction around them keeps them together.
#[derive(Debug)]
pub(super) enum Lease {
    Connection(PoolConnection<sqlx::Postgres>),
    Transaction(PgStoreTransaction),
}

impl Lease {
    /// Closes the connection in place of giving it back, because its other end does not answer.
    fn give_up(&mut self) {
        match self {
            Self::Connection(connection) => connection.close_on_drop(),
            Self::Transaction(transaction) => transaction.give_up(),
        }
    }

    /// Makes sure that what was written is committed.
    pub(super) async fn end(self) -> Result<(), StoreError> {
        match self {
            Self::Connection(_) => Ok(()),
            Self::Transaction(transaction) => Box::pin(transaction.commit()).await,
        }
    }
}

impl Deref for Lease {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Self::Connection(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Self::Connection(connection) => connection,
            Self::Transaction(transaction) => transaction,
        }
    }
}

impl Postgres {
    /// A statement that is no part of the store's everyday work.
    pub(super) fn ad_hoc(&self, sql: impl SqlSafeStr) -> Statement {
        sqlx::query(sql).persistent(self.options.prepared_statements)
    }

    /// What one statement, or a few, of the store's own run on.
    pub(super) async fn lease(&self) -> Result<Lease, StoreError> {
        if self.options.transaction_pooler {
            return Box::pin(transaction::begin(self)).await.map(Lease::Transaction);
        }
        self.acquire().await.map(Lease::Connection)
    }

    /// What the server has answered in time; otherwise the connection is given up.
    fn in_time<T>(&self, answer: Result<Result<T, Error>, Elapsed>, lease: &mut Lease) -> Result<T, StoreError> {
        answer.map_or_else(
            |_| {
                lease.give_up();
                Err(self.silence())
            },
            |answer| answer.map_err(store_error),
        )
    }

    /// All rows of a statement, which the store's own connections wait for no longer than the options say.
    pub(super) async fn fetch_all(
        &self,
        via: Via<'_, PgConnection>,
        statement: Statement,
    ) -> Result<Vec<PgRow>, StoreError> {
        let Via::Caller(connection) = via else {
            let mut lease = self.lease().await?;
            let answer = timeout(self.options.answer_timeout, statement.fetch_all(&mut *lease)).await;
            let rows = self.in_time(answer, &mut lease)?;
            return lease.end().await.map(|()| rows);
        };
        statement.fetch_all(connection).await.map_err(store_error)
    }

    /// How many rows a statement has written. It is waited for as in [`fetch_all`](Self::fetch_all).
    pub(super) async fn execute(&self, via: Via<'_, PgConnection>, statement: Statement) -> Result<u64, StoreError> {
        let Via::Caller(connection) = via else {
            let mut lease = self.lease().await?;
            let answer = timeout(self.options.answer_timeout, statement.execute(&mut *lease)).await;
            let done = self.in_time(answer, &mut lease)?;
            return lease.end().await.map(|()| done.rows_affected());
        };
        statement.execute(connection).await.map_err(store_error).map(|done| done.rows_affected())
    }

    /// The rows of a statement as they arrive.
    pub(super) fn fetch<'a>(&'a self, via: Via<'a, PgConnection>, statement: Statement) -> Rows<'a, PgRow> {
        if let Via::Caller(connection) = via {
            return statement.fetch(connection).map_err(store_error).boxed();
        }
        // Both are polled together, in the task of whoever reads: one owns the connection, the other hands out its rows.
        let (send, mut receive) = mpsc::channel(64);
        let read = async move {
            let mut lease = match self.lease().await {
                Ok(lease) => lease,
                Err(error) => return drop(send.send(Err(error)).await),
            };
            let mut rows = statement.fetch(&mut *lease);
            while let Some(row) = rows.next().await {
                if send.send(row.map_err(store_error)).await.is_err() {
                    return;
                }
            }
        };
        let read = read.into_stream().filter_map(|()| future::ready(None));
        stream::select(stream::poll_fn(move |context| receive.poll_recv(context)), read).boxed()
    }
}
