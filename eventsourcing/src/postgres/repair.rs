//! Setting right what a restore by hand has left wrong.

use super::{adapter::Postgres, transaction};
use crate::port::{StoreError, Via};

impl Postgres {
    /// Sets the sequence of positions to the end of the log, where it is behind it: after a restore by hand, or of some
    /// tables only, when appends are refused with [`SequenceBehind`](StoreError::SequenceBehind). Changes nothing else,
    /// and nothing where the sequence is right.
    ///
    /// Needs the owner of the log. It waits for the transactions that are appending, and appends wait for it. A dropped
    /// future leaves the sequence as it was, or repaired.
    ///
    /// # Errors
    ///
    /// [`Database`](StoreError::Database) when the role does not own the tables.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// store.backend().repair().await?;
    /// # Ok(()) }
    /// ```
    pub async fn repair(&self) -> Result<(), StoreError> {
        repair(self).await
    }
}

async fn repair(store: &Postgres) -> Result<(), StoreError> {
    let mut transaction = transaction::begin(store).await?;
    store.execute(Via::Caller(&mut transaction), store.sql.repair_lock.query()).await?;
    let repair = store.sql.repair.query().bind(store.schema.qualify("events_position"));
    store.execute(Via::Caller(&mut transaction), repair).await?;
    transaction.commit().await
}
