//! Connections of the pool. None is handed out that is inside a transaction already.

use std::io;

use sqlx::{Error, pool::PoolConnection};
use tokio::time::timeout;

use super::{
    adapter::Postgres,
    driver,
    error::store_error,
    link::{PATIENCE, timed_out, try_connect},
};
use crate::port::StoreError;

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
    /// The error of a server that does not answer, which may be of other connections as well.
    pub(super) fn silence(&self) -> StoreError {
        self.link.broke();
        let patience = self.options.answer_timeout;
        store_error(Error::Io(io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {patience:?}"))))
    }
}
