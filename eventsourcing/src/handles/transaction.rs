//! Streams inside a transaction. There is no `subscribe` here.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{
    batch::AppendBatch,
    events::Events,
    store::{Store, no_result},
};
use crate::{
    engine::encode::encode,
    port::{Append, AppendError, Appended, Backend, StoreError, Via},
    schema::Event,
    vocabulary::{ExpectedVersion, Metadata, NewEvent, StreamId, StreamVersion},
};

impl<B: Backend> Store<B> {
    /// Streams and aggregates inside the transaction that is open on the caller's own connection.
    ///
    /// Nothing is committed before the caller commits, and nothing wakes subscribers then: they find the events by
    /// polling, or at once after [`wake`](Self::wake).
    ///
    /// The store does not see that commit. When a statement of the transaction has failed and the error was ignored,
    /// Postgres only rolls back, and `sqlx`'s own `commit` returns `Ok` all the same: put a savepoint around a statement that may
    /// fail, or let the store [`begin`](Self::begin), whose commit is an error then. Appending to a transaction that is aborted
    /// already is [`StoreError::TransactionAborted`].
    pub fn in_transaction<'c>(&self, connection: &'c mut B::Connection) -> InTransaction<'c, B> {
        InTransaction { store: self.clone(), connection }
    }

    /// Begins a transaction whose commit wakes subscribers. Dropping it rolls it back.
    pub async fn begin(&self) -> Result<StoreTransaction<B>, StoreError> {
        let transaction = self.backend().begin().await?;
        Ok(StoreTransaction { _open: self.count_transaction(), store: self.clone(), transaction })
    }
}

/// Streams and aggregates inside a transaction on the caller's own connection.
///
/// An expected conflict is an error value and leaves the transaction usable. After a rollback, roots that were saved in
/// it are ahead of their streams: load them again.
pub struct InTransaction<'c, B: Backend> {
    store: Store<B>,
    connection: &'c mut B::Connection,
}

impl<B: Backend> InTransaction<'_, B> {
    /// The store, and the connection on which the transaction is open.
    pub(crate) fn parts(&mut self) -> (&Store<B>, &mut B::Connection) {
        (&self.store, &mut *self.connection)
    }

    /// One stream, with events of type `E`.
    pub fn stream<E: Event>(&mut self, id: StreamId) -> StreamIn<'_, E, B> {
        StreamIn {
            store: &self.store,
            connection: &mut *self.connection,
            id,
            metadata: Metadata::new(),
            event: PhantomData,
        }
    }

    /// Appends to several streams in one statement; a batch with an append under `Any` or `StreamExists`, which may have to
    /// run again, stands in a savepoint.
    ///
    /// The results are in the order of the batch. Batches never deadlock with each other, as long as each transaction appends
    /// only once. What it has appended before stays locked while it waits for others, who may wait for it: then one of them
    /// fails with [`Serialization`](StoreError::Serialization), and is to be run again.
    ///
    /// # Errors
    ///
    /// That of the first append that was refused. The others may then be in the transaction: roll it back, or back to a
    /// savepoint.
    pub async fn append_batch(&mut self, batch: AppendBatch) -> Result<Vec<Appended>, AppendError> {
        batch.meet(&self.store)?;
        let appends = batch.into_appends();
        let results = self.store.backend().append(Via::Caller(self.connection), &appends).await?;
        self.store.note_append_within();
        if results.len() != appends.len() {
            return Err(no_result().into());
        }
        results.into_iter().collect()
    }
}

/// A transaction that the store began. Dropping it rolls it back.
pub struct StoreTransaction<B: Backend> {
    store: Store<B>,
    transaction: B::Transaction,
    /// Counts it among the open ones of its store.
    _open: Arc<()>,
}

impl<B: Backend> StoreTransaction<B> {
    /// The store, and the connection on which the transaction is open.
    pub(crate) fn parts(&mut self) -> (&Store<B>, &mut B::Connection) {
        (&self.store, B::connection(&mut self.transaction))
    }

    /// One stream, with events of type `E`.
    pub fn stream<E: Event>(&mut self, id: StreamId) -> StreamIn<'_, E, B> {
        let connection = B::connection(&mut self.transaction);
        StreamIn { store: &self.store, connection, id, metadata: Metadata::new(), event: PhantomData }
    }

    /// Appends to several streams in one statement; see [`InTransaction::append_batch`].
    pub async fn append_batch(&mut self, batch: AppendBatch) -> Result<Vec<Appended>, AppendError> {
        let connection = B::connection(&mut self.transaction);
        InTransaction { store: self.store.clone(), connection }.append_batch(batch).await
    }

    /// The connection, for statements of the caller's own in the same transaction.
    pub fn connection(&mut self) -> &mut B::Connection {
        B::connection(&mut self.transaction)
    }

    /// Commits, and wakes subscribers. A dropped future leaves the transaction either committed or rolled back.
    pub async fn commit(self) -> Result<(), StoreError> {
        B::commit(self.transaction).await?;
        self.store.wake();
        Ok(())
    }

    /// Rolls back.
    pub async fn rollback(self) -> Result<(), StoreError> {
        B::rollback(self.transaction).await
    }
}

/// One stream inside a transaction.
pub struct StreamIn<'t, E, B: Backend> {
    store: &'t Store<B>,
    connection: &'t mut B::Connection,
    id: StreamId,
    metadata: Metadata,
    event: PhantomData<fn() -> E>,
}

impl<E: Event, B: Backend> StreamIn<'_, E, B> {
    /// What to say about every event that is appended through this handle.
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Appends events, all or nothing; see [`Stream::append`](crate::handles::Stream::append). After a dropped future, roll back.
    pub async fn append<I>(&mut self, expected: ExpectedVersion, events: I) -> Result<Appended, AppendError>
    where
        I: IntoIterator<Item: Into<NewEvent<E>>>,
    {
        self.store.meet::<E>()?;
        let events = encode(events, &self.metadata)?;
        let append = Append { stream_id: self.id.clone(), expected, events };
        self.store.append(Via::Caller(self.connection), append).await
    }

    /// The stream's events, those of this transaction included.
    pub fn read(&mut self) -> Events<'_, E, B, StreamVersion> {
        Events::of_stream(self.store.clone(), Via::Caller(self.connection), self.id.clone())
    }
}

impl<B: Backend> fmt::Debug for InTransaction<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InTransaction").finish_non_exhaustive()
    }
}

impl<E, B: Backend> fmt::Debug for StreamIn<'_, E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamIn").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<B: Backend> fmt::Debug for StoreTransaction<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreTransaction").finish_non_exhaustive()
    }
}
