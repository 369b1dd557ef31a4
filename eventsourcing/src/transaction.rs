//! Floor 3b: streams and aggregates inside a transaction. There is no `subscribe` here. Knows no adapter.

use std::{fmt, marker::PhantomData, sync::Arc};

use crate::{
    aggregate::{Aggregate, Decide},
    batch::Batch,
    events::Events,
    handle::{Store, encode, no_result},
    metadata::Metadata,
    position::{ExpectedVersion, StreamVersion},
    record::NewEvent,
    repository::{self, ExecuteError, Executed, LoadError, Root},
    schema::Event,
    store::{Append, AppendError, Appended, Backend, StoreError, Via},
    stream_id::StreamId,
};

/// Streams and aggregates inside a transaction on the caller's own connection.
///
/// An expected conflict is an error value and leaves the transaction usable. After a rollback, roots that were saved in
/// it are ahead of their streams: load them again.
pub struct InTransaction<'c, B: Backend> {
    store: Store<B>,
    connection: &'c mut B::Connection,
}

impl<'c, B: Backend> InTransaction<'c, B> {
    pub(crate) fn new(store: Store<B>, connection: &'c mut B::Connection) -> Self {
        Self { store, connection }
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

    /// The aggregates of type `A`.
    pub fn repository<A: Aggregate>(&mut self) -> RepositoryIn<'_, A, B> {
        let connection = &mut *self.connection;
        RepositoryIn { store: &self.store, connection, metadata: Metadata::new(), aggregate: PhantomData }
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
    pub async fn append_batch(&mut self, batch: Batch) -> Result<Vec<Appended>, AppendError> {
        self.store.meet_all(&batch)?;
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
#[expect(clippy::struct_field_names, reason = "one field is the transaction")]
pub struct Transaction<B: Backend> {
    store: Store<B>,
    transaction: B::Transaction,
    /// Counts it among the open ones of its store.
    _open: Arc<()>,
}

impl<B: Backend> Transaction<B> {
    pub(crate) fn new(store: Store<B>, transaction: B::Transaction) -> Self {
        Self { _open: store.count_transaction(), store, transaction }
    }

    /// One stream, with events of type `E`.
    pub fn stream<E: Event>(&mut self, id: StreamId) -> StreamIn<'_, E, B> {
        let connection = B::connection(&mut self.transaction);
        StreamIn { store: &self.store, connection, id, metadata: Metadata::new(), event: PhantomData }
    }

    /// The aggregates of type `A`.
    pub fn repository<A: Aggregate>(&mut self) -> RepositoryIn<'_, A, B> {
        let connection = B::connection(&mut self.transaction);
        RepositoryIn { store: &self.store, connection, metadata: Metadata::new(), aggregate: PhantomData }
    }

    /// Appends to several streams in one statement; see [`InTransaction::append_batch`].
    pub async fn append_batch(&mut self, batch: Batch) -> Result<Vec<Appended>, AppendError> {
        InTransaction::new(self.store.clone(), self.connection()).append_batch(batch).await
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

/// Aggregates inside a transaction.
pub struct RepositoryIn<'t, A, B: Backend> {
    store: &'t Store<B>,
    connection: &'t mut B::Connection,
    metadata: Metadata,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: Aggregate, B: Backend> RepositoryIn<'_, A, B> {
    /// What to say about every event that is saved through this handle.
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The aggregate, in its default state when its stream has no events.
    pub async fn load(&mut self, id: &A::Id) -> Result<Root<A>, LoadError> {
        repository::load(self.store, Via::Caller(self.connection), id).await
    }

    /// The aggregate, if its stream has events.
    pub async fn find(&mut self, id: &A::Id) -> Result<Option<Root<A>>, LoadError> {
        Ok(Some(self.load(id).await?).filter(|root| root.version().is_some()))
    }

    /// Appends what the root has recorded; see [`Repository::save`](crate::handles::Repository::save). After a rollback, load the
    /// root again.
    pub async fn save(&mut self, root: &mut Root<A>) -> Result<Appended, AppendError> {
        repository::save(self.store, Via::Caller(self.connection), root, &self.metadata).await
    }

    /// Loads, decides, appends: once, because a conflict is for the caller's transaction to resolve.
    pub async fn execute<C>(&mut self, id: &A::Id, command: C) -> Result<Executed<A>, ExecuteError<A::Error>>
    where
        A: Decide<C>,
    {
        let mut root = self.load(id).await?;
        root.decide(&command).map_err(ExecuteError::Decide)?;
        let appended = self.save(&mut root).await?;
        Ok(Executed { root, appended })
    }
}

macro_rules! opaque_debug {
    ($($name:ident<$lifetime:lifetime $(, $type:ident)?>)*) => {
        $(
            impl<$($type,)? B: Backend> fmt::Debug for $name<'_ $(, $type)?, B> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name)).finish_non_exhaustive()
                }
            }
        )*
    };
}

opaque_debug! { InTransaction<'c> StreamIn<'t, E> RepositoryIn<'t, A> }

impl<B: Backend> fmt::Debug for Transaction<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}
