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
    /// Postgres only rolls back, and `sqlx`'s own `commit` returns `Ok` all the same: put a savepoint around a
    /// statement that may fail, or let the store [`begin`](Self::begin), whose commit is an error then. Appending to a
    /// transaction that is aborted already is [`StoreError::TransactionAborted`].
    ///
    /// Every reader of the log waits for a transaction that has appended: keep it short.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.pool().begin().await?;
    /// sqlx::query("insert into balances values ('grace', 0)").execute(&mut *transaction).await?;
    /// let mut inside = store.in_transaction(&mut transaction);
    /// let mut stream = inside.stream::<AccountEvent>("account/grace".parse()?);
    /// stream.append(ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 50 }]).await?;
    /// transaction.commit().await?;
    /// store.wake();
    /// # Ok(()) }
    /// ```
    pub fn in_transaction<'c>(&self, connection: &'c mut B::Connection) -> InTransaction<'c, B> {
        InTransaction { store: self.clone(), connection }
    }

    /// Begins a transaction whose commit wakes subscribers. Dropping it rolls it back.
    ///
    /// It takes a connection of the pool, and keeps it until it ends. A dropped future leaves nothing open.
    ///
    /// # Errors
    ///
    /// Those of the store: [`PoolExhausted`](StoreError::PoolExhausted) when no connection becomes free in time,
    /// [`Unavailable`](StoreError::Unavailable) when the database is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// sqlx::query("insert into balances values ('grace', 0)").execute(transaction.connection()).await?;
    /// let mut stream = transaction.stream::<AccountEvent>("account/grace".parse()?);
    /// stream.append(ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 50 }]).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn begin(&self) -> Result<StoreTransaction<B>, StoreError> {
        let transaction = self.backend().begin().await?;
        Ok(StoreTransaction { _open: self.count_transaction(), store: self.clone(), transaction })
    }
}

/// Streams and aggregates inside a transaction on the caller's own connection; [`Store::in_transaction`] makes it.
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

    /// One stream, with events of type `E`. Nothing is done in the database. It borrows the transaction, so only one
    /// handle is in use at a time.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.pool().begin().await?;
    /// let mut inside = store.in_transaction(&mut transaction);
    /// let mut stream = inside.stream::<AccountEvent>("account/ada".parse()?);
    /// stream.append(ExpectedVersion::StreamExists, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn stream<E: Event>(&mut self, id: StreamId) -> StreamIn<'_, E, B> {
        StreamIn {
            store: &self.store,
            connection: &mut *self.connection,
            id,
            metadata: Metadata::new(),
            event: PhantomData,
        }
    }

    /// Appends to several streams in one statement; a batch with an append under `Any` or `StreamExists`, which may
    /// have to run again, stands in a savepoint.
    ///
    /// The results are in the order of the batch. Batches never deadlock with each other, as long as each transaction
    /// appends only once. What it has appended before stays locked while it waits for others, who may wait for it: then
    /// one of them fails with [`Serialization`](StoreError::Serialization), and is to be run again. After a dropped
    /// future, roll back.
    ///
    /// # Errors
    ///
    /// That of the first append that was refused. The others may then be in the transaction: roll it back, or back to a
    /// savepoint.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transfer = AppendBatch::new();
    /// transfer.add("account/ada".parse()?, ExpectedVersion::StreamExists, [AccountEvent::Withdrawn { cents: 30 }])?;
    /// transfer.add("account/grace".parse()?, ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 30 }])?;
    ///
    /// let mut transaction = store.pool().begin().await?;
    /// store.in_transaction(&mut transaction).append_batch(transfer).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
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

/// A transaction that the store began, with [`Store::begin`]. Dropping it rolls it back.
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

    /// One stream, with events of type `E`. Nothing is done in the database. It borrows the transaction, so only one
    /// handle is in use at a time.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut stream = transaction.stream::<AccountEvent>("account/ada".parse()?);
    /// stream.append(ExpectedVersion::StreamExists, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn stream<E: Event>(&mut self, id: StreamId) -> StreamIn<'_, E, B> {
        let connection = B::connection(&mut self.transaction);
        StreamIn { store: &self.store, connection, id, metadata: Metadata::new(), event: PhantomData }
    }

    /// Appends to several streams in one statement; see [`InTransaction::append_batch`]. After a dropped future, roll
    /// back.
    ///
    /// # Errors
    ///
    /// That of the first append that was refused. The others may then be in the transaction: roll it back, or back to a
    /// savepoint.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transfer = AppendBatch::new();
    /// transfer.add("account/ada".parse()?, ExpectedVersion::StreamExists, [AccountEvent::Withdrawn { cents: 30 }])?;
    /// transfer.add("account/grace".parse()?, ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 30 }])?;
    ///
    /// let mut transaction = store.begin().await?;
    /// transaction.append_batch(transfer).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn append_batch(&mut self, batch: AppendBatch) -> Result<Vec<Appended>, AppendError> {
        let connection = B::connection(&mut self.transaction);
        InTransaction { store: self.store.clone(), connection }.append_batch(batch).await
    }

    /// The connection, for statements of the caller's own in the same transaction. Let them not end it: a commit of
    /// one's own makes [`commit`](Self::commit) fail, because nothing is open any more then.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// sqlx::query("insert into balances values ('grace', 0)").execute(transaction.connection()).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn connection(&mut self) -> &mut B::Connection {
        B::connection(&mut self.transaction)
    }

    /// Commits, and wakes subscribers. `Ok` means that the database has committed.
    ///
    /// A dropped future leaves the transaction either committed or rolled back.
    ///
    /// # Errors
    ///
    /// [`TransactionAborted`](StoreError::TransactionAborted) when a statement in it had failed, so that the database
    /// only rolls back; [`TransactionEnded`](StoreError::TransactionEnded) when none is open on its connection any
    /// more. After [`Unavailable`](StoreError::Unavailable), it may be committed or not.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// sqlx::query("select 1 / 0").execute(transaction.connection()).await.ok();
    /// let refused = transaction.commit().await;
    /// assert!(matches!(refused, Err(StoreError::TransactionAborted)));
    /// # Ok(()) }
    /// ```
    pub async fn commit(self) -> Result<(), StoreError> {
        B::commit(self.transaction).await?;
        self.store.wake();
        Ok(())
    }

    /// Rolls back, and waits until the database has. Dropping the transaction rolls it back as well, without waiting.
    ///
    /// A connection on which the database does not answer in time is closed, which rolls back. A dropped future rolls
    /// back.
    ///
    /// # Errors
    ///
    /// [`Unavailable`](StoreError::Unavailable) when the connection is lost. Nothing of the transaction is stored then
    /// either.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut stream = transaction.stream::<AccountEvent>("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// transaction.rollback().await?;
    ///
    /// let account = store.repository::<Account>().load(&"ada".to_owned()).await?;
    /// assert_eq!(account.cents, 100);
    /// # Ok(()) }
    /// ```
    pub async fn rollback(self) -> Result<(), StoreError> {
        B::rollback(self.transaction).await
    }
}

/// One stream inside a transaction. It has no `subscribe`: what is not committed is live for nobody.
pub struct StreamIn<'t, E, B: Backend> {
    store: &'t Store<B>,
    connection: &'t mut B::Connection,
    id: StreamId,
    metadata: Metadata,
    event: PhantomData<fn() -> E>,
}

impl<E: Event, B: Backend> StreamIn<'_, E, B> {
    /// The same handle, which says this about every event that it appends, as
    /// [`Stream::with`](crate::handles::Stream::with) does.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let stream = transaction.stream::<AccountEvent>("account/ada".parse()?);
    /// let mut stream = stream.with(Metadata::new().with("user", "ada"));
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Appends events, all or nothing, in the transaction: they are stored when that is committed.
    ///
    /// Ids make it idempotent as they make [`Stream::append`](crate::handles::Stream::append), but it is never sent
    /// again by itself. After a dropped future, roll back.
    ///
    /// # Errors
    ///
    /// [`Conflict`](AppendError::Conflict), [`IdempotencyMismatch`](AppendError::IdempotencyMismatch) and
    /// [`Invalid`](AppendError::Invalid), which leave the transaction usable. After an error of the store, roll back.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut stream = transaction.stream::<AccountEvent>("account/ada".parse()?);
    /// let refused = stream.append(ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 50 }]).await;
    /// assert!(matches!(refused, Err(AppendError::Conflict(_))));
    /// stream.append(ExpectedVersion::StreamExists, [AccountEvent::Deposited { cents: 50 }]).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn append<I>(&mut self, expected: ExpectedVersion, events: I) -> Result<Appended, AppendError>
    where
        I: IntoIterator<Item: Into<NewEvent<E>>>,
    {
        self.store.meet::<E>()?;
        let events = encode(events, &self.metadata)?;
        let append = Append { stream_id: self.id.clone(), expected, events };
        self.store.append(Via::Caller(self.connection), append).await
    }

    /// The stream's events, those of this transaction included; see [`Events`] for from where, how many, and the other
    /// direction.
    ///
    /// Faults are handed out in place of an event, as the last item. While it reads, the transaction can do nothing
    /// else.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut stream = transaction.stream("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// let latest = stream.read().backwards().next().await.transpose()?;
    /// assert_eq!(latest.map(|recorded| recorded.event), Some(AccountEvent::Withdrawn { cents: 30 }));
    /// # transaction.rollback().await?;
    /// # Ok(()) }
    /// ```
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
