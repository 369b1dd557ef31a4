//! Transactions that the store begins. They write, so there is one at a time.

use std::ops::{Deref, DerefMut};

use sqlx::SqliteConnection;

use super::writer::{Held, Writer};
use crate::port::StoreError;

/// A transaction that the store has begun. Dropping it rolls it back.
///
/// It is the only one that writes to the file while it is open, so everybody else who writes waits for it.
#[derive(Debug)]
pub struct SqliteStoreTransaction(Held);

impl SqliteStoreTransaction {
    pub(super) async fn begin(writer: &Writer) -> Result<Self, StoreError> {
        let mut held = writer.lend().await?;
        held.begin().await?;
        Ok(Self(held))
    }

    /// Commits: `Ok` means that the database has committed. A dropped future leaves the transaction committed or rolled back.
    ///
    /// # Errors
    ///
    /// [`TransactionEnded`](StoreError::TransactionEnded) when none is open any more: a statement of one's own has ended
    /// it, or the database has, which it does when the disk is full. [`DiskFull`](StoreError::DiskFull).
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }

    /// Rolls back. A dropped future does as well.
    ///
    /// # Errors
    ///
    /// Those of the database. Nothing of the transaction is stored then either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.0.rollback().await
    }
}

impl Deref for SqliteStoreTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for SqliteStoreTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}
