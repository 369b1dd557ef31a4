//! What a store knows of the server that its connections lead to, and how its own pool is kept.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{
    Connection, Error, PgConnection,
    pool::PoolConnectionMetadata,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use super::{driver, error::store_error, options::PgOptions, registered::Registered};
use crate::{port::StoreError, vocabulary::GlobalPosition};

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

    pub(super) async fn prove(&self, options: &PgConnectOptions) -> Result<(), StoreError> {
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

/// Connects once, and says why it could not.
pub(super) async fn try_connect(options: &PgConnectOptions) -> Result<(), StoreError> {
    let connection = timeout(PATIENCE, PgConnection::connect_with(options)).await;
    let connection = connection.unwrap_or_else(|_| Err(timed_out())).map_err(store_error)?;
    connection.close().await.map_err(store_error)
}

pub(super) fn timed_out() -> Error {
    Error::Io(io::ErrorKind::TimedOut.into())
}
