//! Connections of the pool, and the statements that run on them. None is used that is inside a transaction already.

use std::{
    io,
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{FutureExt, StreamExt, TryStreamExt, future, stream};
use sqlx::{
    Connection, Error, PgConnection, SqlSafeStr,
    pool::{PoolConnection, PoolConnectionMetadata},
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};
use tokio::{
    sync::mpsc,
    time::{error::Elapsed, timeout},
};

use super::{
    PgOptions, PgStoreTransaction, Postgres, driver, error::store_error, event_types::Registered, transaction,
};
use crate::{
    position::GlobalPosition,
    store::{Rows, StoreError, Via},
};

/// A statement with its parameters.
pub(super) type Statement = Query<'static, sqlx::Postgres, PgArguments>;

/// A connection that has been idle for longer is asked whether it still answers before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

/// How long a connection may take to answer that it is usable, before another one is opened in its place.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What a store knows of the server that its connections lead to. Shared by the clones of a store.
///
/// When one connection breaks, the others may be broken too, or lead to another server than before.
#[derive(Debug, Default)]
pub(super) struct Link {
    pub(super) registered: Registered,
    broken_at: Mutex<Option<Instant>>,
    /// Whether the server has ever been there.
    is_proven: AtomicBool,
    /// The highest position known to be committed; 0 when none is.
    end: AtomicI64,
}

impl Link {
    /// To a server that is there: one that is not is an error at once, where the pool would try until its time is up.
    pub(super) async fn proven(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let link = Self::default();
        link.prove(options).await?;
        Ok(link)
    }

    async fn prove(&self, options: &PgConnectOptions) -> Result<(), StoreError> {
        if !self.is_proven.load(Ordering::Relaxed) {
            try_connect(options).await?;
            self.is_proven.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A connection has broken: what was learnt from the server may hold no more, and idle connections are not trusted.
    pub(super) fn broke(&self) {
        *self.broken_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.forget();
    }

    /// The server may be another one than before, which may have lost the latest commits.
    fn forget(&self) {
        self.registered.forget();
        self.forget_end();
    }

    /// An event with this position is committed: whoever begins to append from now on gets a higher one.
    pub(super) fn seen(&self, position: GlobalPosition) {
        self.end.fetch_max(position.get(), Ordering::Relaxed);
    }

    /// The highest position that has been [seen](Self::seen).
    pub(super) fn end(&self) -> Option<i64> {
        Some(self.end.load(Ordering::Relaxed)).filter(|&end| end > 0)
    }

    pub(super) fn forget_end(&self) {
        self.end.store(0, Ordering::Relaxed);
    }

    /// Whether a connection that has been idle for this long can be used without asking.
    fn trusts(&self, idle_for: Duration) -> bool {
        let broken_at = *self.broken_at.lock().unwrap_or_else(PoisonError::into_inner);
        idle_for < TRUSTED_IDLE && broken_at.is_none_or(|at| at.elapsed() > idle_for)
    }
}

/// How the store's own pool is kept. What costs a round trip happens when a connection comes back, after its user has the
/// result; a busy connection has just answered and is not asked again.
pub(super) fn pool_options(options: &PgOptions, link: &Arc<Link>) -> PgPoolOptions {
    let (opened, asked) = (Arc::clone(link), Arc::clone(link));
    PgPoolOptions::new()
        .max_connections(options.max_connections)
        .test_before_acquire(false)
        .before_acquire(move |connection, PoolConnectionMetadata { idle_for, .. }| {
            let is_trusted = asked.trusts(idle_for);
            Box::pin(async move { Ok(is_trusted || matches!(timeout(PATIENCE, connection.ping()).await, Ok(Ok(())))) })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                let left = timeout(PATIENCE, driver::leave_transaction(connection)).await;
                left.unwrap_or_else(|_| Err(timed_out())).map(|()| true)
            })
        })
        .after_connect(move |_, _| {
            opened.forget();
            Box::pin(async { Ok(()) })
        })
}

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

/// Connects once, and says why it could not.
async fn try_connect(options: &PgConnectOptions) -> Result<(), StoreError> {
    let connection = timeout(PATIENCE, PgConnection::connect_with(options)).await;
    let connection = connection.unwrap_or_else(|_| Err(timed_out())).map_err(store_error)?;
    connection.close().await.map_err(store_error)
}

fn timed_out() -> Error {
    Error::Io(io::ErrorKind::TimedOut.into())
}

impl Postgres {
    /// A connection of the pool, outside of any transaction.
    ///
    /// The store's own pool has made sure of that when the connection came back. A pool of the caller's may hold one
    /// whose `begin` was dropped half-way; there it costs a round trip to know.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<sqlx::Postgres>, StoreError> {
        self.link.prove(&self.pool.connect_options()).await?;
        let mut broken = 0;
        loop {
            let mut connection = match self.pool.acquire().await {
                Err(Error::PoolTimedOut) => return Err(self.why_none_is_free().await),
                connection => connection.map_err(store_error)?,
            };
            if self.is_own_pool {
                return Ok(connection);
            }
            let left = timeout(PATIENCE, driver::leave_transaction(&mut connection)).await;
            let Err(error) = left.unwrap_or_else(|_| Err(timed_out())) else { return Ok(connection) };
            // It was broken before anything of the store's was sent on it. Another one takes its place; when all of those
            // that were idle are broken, a new one is tried last.
            self.link.broke();
            connection.close_on_drop();
            broken += 1;
            if broken > self.pool.options().get_max_connections() {
                return Err(store_error(error));
            }
        }
    }

    /// Of a pool whose time to find a connection was up: all are in use, or none can be opened.
    async fn why_none_is_free(&self) -> StoreError {
        if self.pool.size() >= self.pool.options().get_max_connections() {
            return StoreError::PoolExhausted { connections: self.pool.size() };
        }
        let connected = try_connect(&self.pool.connect_options()).await;
        connected.err().unwrap_or(StoreError::PoolExhausted { connections: self.pool.size() })
    }

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

    /// The error of a server that does not answer, which may be of other connections as well.
    pub(super) fn silence(&self) -> StoreError {
        self.link.broke();
        let patience = self.options.answer_timeout;
        store_error(Error::Io(io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {patience:?}"))))
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
