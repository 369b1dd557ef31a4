//! The one connection on which a store writes. Whoever holds it is the only one of the process who does, so nobody of the
//! process meets a database that is busy.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions, SqlSafeStr, SqliteConnection, raw_sql,
    sqlite::{SqliteConnectOptions, SqliteTransactionManager as Manager},
};
use sqlx_core::transaction::TransactionManager;
use tokio::{
    sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard},
    time::{Instant, timeout},
};

use super::{
    connect,
    error::{commit_error, is_busy, store_error},
    file::StoreFile,
    options::SqliteOptions,
};
use crate::{backoff::Backoff, port::StoreError};

/// The lock on the one connection that writes.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Arc<Mutex<Option<Writing>>>,
    connect: SqliteConnectOptions,
    options: Arc<SqliteOptions>,
    file: Arc<StoreFile>,
    /// Whether a transaction of somebody's holds the connection, who may take their time.
    is_lent: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Writing {
    connection: SqliteConnection,
    /// Of the file that it leads to.
    generation: u64,
    /// Whether the driver and the database may disagree on whether a transaction is open.
    is_broken: bool,
}

impl Writer {
    pub(super) fn new(connect: SqliteConnectOptions, options: Arc<SqliteOptions>, file: Arc<StoreFile>) -> Self {
        Self { connection: Arc::default(), connect, options, file, is_lent: Arc::default() }
    }

    /// The connection, as soon as nobody else of this process has it.
    pub(super) async fn hold(&self) -> Result<Held, StoreError> {
        let patience = self.options.busy_timeout;
        let slot = timeout(patience, Arc::clone(&self.connection).lock_owned()).await;
        self.held(slot.map_err(|_| StoreError::Locked { waited: patience })?).await
    }

    /// The same for a transaction of somebody's, who may take their time.
    pub(super) async fn lend(&self) -> Result<Held, StoreError> {
        let mut held = self.hold().await?;
        self.is_lent.store(true, Ordering::SeqCst);
        held.lent = Some(Lent(Arc::clone(&self.is_lent)));
        Ok(held)
    }

    /// The same for those who never wait for a transaction of somebody's; `None` when there is one.
    pub(super) async fn hold_unless_lent(&self) -> Result<Option<Held>, StoreError> {
        /// What the store writes by itself takes no longer. Whoever waits in vain has lost to somebody who lasts.
        const SHORT: Duration = Duration::from_millis(250);
        let slot = match Arc::clone(&self.connection).try_lock_owned() {
            Ok(slot) => slot,
            Err(_) if self.is_lent.load(Ordering::SeqCst) => return Ok(None),
            Err(_) => match timeout(SHORT, Arc::clone(&self.connection).lock_owned()).await {
                Ok(slot) => slot,
                Err(_) => return Ok(None),
            },
        };
        self.held(slot).await.map(Some)
    }

    /// Makes sure that the connection leads to the store's file.
    async fn held(&self, mut slot: OwnedMutexGuard<Option<Writing>>) -> Result<Held, StoreError> {
        if let Err(error) = self.file.check() {
            *slot = None;
            return Err(error);
        }
        let generation = self.file.generation();
        let is_fit = |writing: &&mut Writing| !writing.is_broken && writing.generation == generation;
        let writing = match OwnedMutexGuard::try_map(slot, |slot| slot.as_mut().filter(is_fit)) {
            Ok(writing) => writing,
            Err(mut slot) => {
                *slot = None;
                let mut connection = self.connect.connect().await.map_err(store_error)?;
                connect::check(&mut connection, &self.file.path(), &self.options).await?;
                // From here on nobody waits inside the database, where nothing ends a wait: see `Held::begin`. Until then it
                // waits for whoever repairs the file after a crash.
                raw_sql("pragma busy_timeout = 0").execute(&mut connection).await.map_err(store_error)?;
                let writing = Writing { connection, generation, is_broken: false };
                OwnedMutexGuard::map(slot, |slot| slot.insert(writing))
            }
        };
        Ok(Held { writing, is_open: false, patience: self.options.busy_timeout, lent: None })
    }
}

/// The connection, and the transaction on it when one is open. Dropping it rolls that back.
#[derive(Debug)]
pub(super) struct Held {
    /// Dropped before the lock is released: the next one to lend the connection says so after that.
    lent: Option<Lent>,
    writing: OwnedMappedMutexGuard<Option<Writing>, Writing>,
    is_open: bool,
    patience: Duration,
}

impl Held {
    /// Begins to write, as soon as no other process does.
    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        let mut patience = self.patience();
        self.is_open = true;
        loop {
            let begin = Some("begin immediate".into_sql_str());
            let Err(error) = Manager::begin(&mut self.writing.connection, begin).await else { return Ok(()) };
            if !is_busy(&error) {
                self.writing.is_broken = true;
            }
            if let Err(error) = patience.after(error).await {
                self.is_open = false;
                return Err(error);
            }
        }
    }

    /// The waits for other processes, each time anew.
    pub(super) fn patience(&self) -> Patience {
        Patience {
            start: Instant::now(),
            longest: self.patience,
            backoff: Backoff::new(Duration::from_millis(1), Duration::from_millis(8)),
        }
    }

    /// Commits: `Ok` means that the database has committed.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let committed = Manager::commit(&mut self.writing.connection).await;
        self.end(committed).map_err(commit_error)
    }

    /// Rolls back.
    pub(super) async fn rollback(mut self) -> Result<(), StoreError> {
        let done = Manager::rollback(&mut self.writing.connection).await;
        self.end(done).map_err(store_error)
    }

    /// A transaction that could not be ended may be gone already, or still be there: nobody else gets this connection.
    fn end(&mut self, done: Result<(), sqlx::Error>) -> Result<(), sqlx::Error> {
        if done.is_err() {
            self.writing.is_broken = true;
        } else {
            self.is_open = false;
        }
        done
    }
}

impl Deref for Held {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.writing.connection
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.writing.connection
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // What was begun and not answered is rolled back by the driver; what was committed and not answered is known to it.
        if self.is_open {
            Manager::start_rollback(&mut self.writing.connection);
        }
    }
}

/// How long a statement waits while another process writes.
///
/// The pauses are short and random: no process keeps the database between two transactions, so that one that keeps writing does
/// not shut others out.
#[derive(Debug)]
pub(super) struct Patience {
    start: Instant,
    longest: Duration,
    backoff: Backoff,
}

impl Patience {
    /// Waits after a statement that another process has kept from writing; an error when it is time to give up, and for any
    /// other error.
    pub(super) async fn after(&mut self, error: sqlx::Error) -> Result<(), StoreError> {
        if !is_busy(&error) {
            return Err(store_error(error));
        }
        self.pause().await
    }

    /// Waits before the next attempt; an error when it is time to give up.
    pub(super) async fn pause(&mut self) -> Result<(), StoreError> {
        if self.start.elapsed() >= self.longest {
            return Err(StoreError::Locked { waited: self.longest });
        }
        self.backoff.wait().await;
        Ok(())
    }
}

/// Says that a transaction of somebody's has the connection, until it is dropped.
#[derive(Debug)]
struct Lent(Arc<AtomicBool>);

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}
