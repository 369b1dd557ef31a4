//! Aggregates inside a transaction.

use std::{fmt, marker::PhantomData};

use super::{
    aggregate::{Aggregate, Decide},
    error::{ExecuteError, LoadError},
    fold::load,
    root::{AggregateRoot, Executed},
    save::save,
};
use crate::{
    handles::{
        store::Store,
        transaction::{InTransaction, StoreTransaction},
    },
    port::{AppendError, Appended, Backend, Via},
    vocabulary::Metadata,
};

impl<B: Backend> InTransaction<'_, B> {
    /// The aggregates of type `A`. Nothing is done in the database. It borrows the transaction, so only one handle is
    /// in use at a time.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.pool().begin().await?;
    /// let mut inside = store.in_transaction(&mut transaction);
    /// inside.repository::<Account>().execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// transaction.commit().await?;
    /// store.wake();
    /// # Ok(()) }
    /// ```
    pub fn repository<A: Aggregate>(&mut self) -> RepositoryIn<'_, A, B> {
        let (store, connection) = self.parts();
        RepositoryIn { store, connection, metadata: Metadata::new(), aggregate: PhantomData }
    }
}

impl<B: Backend> StoreTransaction<B> {
    /// The aggregates of type `A`. Nothing is done in the database. It borrows the transaction, so only one handle is
    /// in use at a time.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// transaction.repository::<Account>().execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn repository<A: Aggregate>(&mut self) -> RepositoryIn<'_, A, B> {
        let (store, connection) = self.parts();
        RepositoryIn { store, connection, metadata: Metadata::new(), aggregate: PhantomData }
    }
}

/// The aggregates of type `A` inside a transaction: what they save is stored when that is committed.
pub struct RepositoryIn<'t, A, B: Backend> {
    store: &'t Store<B>,
    connection: &'t mut B::Connection,
    metadata: Metadata,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: Aggregate, B: Backend> RepositoryIn<'_, A, B> {
    /// The same handle, which says this about every event that is saved through it.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let accounts = transaction.repository::<Account>();
    /// let mut accounts = accounts.with(Metadata::new().correlation_id("request-17"));
    /// accounts.execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The aggregate, in its default state and without a version when its stream has no events; what this transaction
    /// has saved is in it.
    ///
    /// A dropped future leaves nothing in the transaction, but roll that back: its connection may be in the middle of
    /// an answer.
    ///
    /// # Errors
    ///
    /// Those of [`Repository::load`](crate::aggregates::Repository::load). After one of the store, roll back.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let account = transaction.repository::<Account>().load(&"ada".to_owned()).await?;
    /// assert_eq!(account.cents, 100);
    /// # transaction.rollback().await?;
    /// # Ok(()) }
    /// ```
    pub async fn load(&mut self, id: &A::Id) -> Result<AggregateRoot<A>, LoadError> {
        load(self.store, Via::Caller(self.connection), id).await
    }

    /// The aggregate, if its stream has events. In all else it is as [`load`](Self::load).
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load); that the stream has no events is `None`.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let nobody = transaction.repository::<Account>().find(&"nobody".to_owned()).await?;
    /// assert!(nobody.is_none());
    /// # transaction.rollback().await?;
    /// # Ok(()) }
    /// ```
    pub async fn find(&mut self, id: &A::Id) -> Result<Option<AggregateRoot<A>>, LoadError> {
        Ok(Some(self.load(id).await?).filter(|root| root.version().is_some()))
    }

    /// Appends what the root has recorded, and the snapshot that may be due, in the transaction.
    ///
    /// After a rollback, load the root again: it counts as stored what is not. After a dropped future, roll back.
    ///
    /// # Errors
    ///
    /// [`Conflict`](AppendError::Conflict) when somebody else has appended since; it leaves the transaction usable. The
    /// others are those of [`StreamIn::append`](crate::handles::StreamIn::append).
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut accounts = transaction.repository::<Account>();
    /// let mut account = accounts.load(&"ada".to_owned()).await?;
    /// account.record(AccountEvent::Withdrawn { cents: 30 });
    /// accounts.save(&mut account).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn save(&mut self, root: &mut AggregateRoot<A>) -> Result<Appended, AppendError> {
        save(self.store, Via::Caller(self.connection), root, &self.metadata).await
    }

    /// Loads, decides, appends: once, because a conflict is for the caller's transaction to resolve. After a dropped
    /// future, roll back.
    ///
    /// # Errors
    ///
    /// [`Decide`](ExecuteError::Decide) when the aggregate refuses the command, and
    /// [`Conflict`](ExecuteError::Conflict) when somebody else has appended since it was loaded: both leave the
    /// transaction usable. After [`Store`](ExecuteError::Store), roll back.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut accounts = transaction.repository::<Account>();
    /// let executed = accounts.execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// assert_eq!(executed.root.cents, 70);
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
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

impl<A, B: Backend> fmt::Debug for RepositoryIn<'_, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepositoryIn").finish_non_exhaustive()
    }
}
