//! The aggregates of a store: load, decide, append.

use std::{fmt, marker::PhantomData};

use super::{
    aggregate::{Aggregate, Decide},
    error::{ExecuteError, LoadError},
    fold::load,
    retry::RetryPolicy,
    root::{AggregateRoot, Executed},
    save::save,
};
use crate::{
    handles::store::Store,
    port::{AppendError, Appended, Backend, StoreError, Via},
    vocabulary::Metadata,
};

impl<B: Backend> Store<B> {
    /// The aggregates of type `A`. Nothing is done in the database.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let account = accounts.load(&"ada".to_owned()).await?;
    /// assert_eq!(account.cents, 100);
    /// # Ok(()) }
    /// ```
    pub fn repository<A: Aggregate>(&self) -> Repository<A, B> {
        Repository::new(self.clone())
    }
}

/// The aggregates of type `A`: load, decide, save, or all of that at once with [`execute`](Self::execute). A cheap
/// handle.
pub struct Repository<A, B: Backend> {
    store: Store<B>,
    metadata: Metadata,
    retries: RetryPolicy,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: Aggregate, B: Backend> Repository<A, B> {
    fn new(store: Store<B>) -> Self {
        Self { store, metadata: Metadata::new(), retries: RetryPolicy::default(), aggregate: PhantomData }
    }

    /// The same handle, which says this about every event that is saved through it. What an event [says of
    /// itself](crate::NewEvent::metadata) wins over it, entry by entry.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>().with(Metadata::new().correlation_id("request-17"));
    /// accounts.execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// # Ok(()) }
    /// ```
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The same handle, whose [`execute`](Self::execute) tries again as this policy says. Without it, as
    /// [`RetryPolicy::default`] does.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>().with_retries(RetryPolicy::NEVER);
    /// accounts.execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// # Ok(()) }
    /// ```
    pub fn with_retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = retries;
        self
    }

    /// The aggregate, in its default state and without a version when its stream has no events. One round trip.
    ///
    /// State and version are from one statement and always agree. A dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// [`Id`](LoadError::Id) when the id makes no stream id, [`Read`](LoadError::Read) when an event of the stream is
    /// not readable, [`Store`](LoadError::Store) when the store failed. A snapshot that is not readable is no error: the
    /// state is folded anew.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let account = accounts.load(&"ada".to_owned()).await?;
    /// assert_eq!((account.cents, account.version()), (100, Some(StreamVersion::FIRST)));
    ///
    /// let nobody = accounts.load(&"nobody".to_owned()).await?;
    /// assert_eq!((nobody.cents, nobody.version()), (0, None));
    /// # Ok(()) }
    /// ```
    pub async fn load(&self, id: &A::Id) -> Result<AggregateRoot<A>, LoadError> {
        load(&self.store, Via::Store, id).await
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
    /// let accounts = store.repository::<Account>();
    /// assert!(accounts.find(&"ada".to_owned()).await?.is_some());
    /// assert!(accounts.find(&"nobody".to_owned()).await?.is_none());
    /// # Ok(()) }
    /// ```
    pub async fn find(&self, id: &A::Id) -> Result<Option<AggregateRoot<A>>, LoadError> {
        Ok(Some(self.load(id).await?).filter(|root| root.version().is_some()))
    }

    /// Appends what the root has recorded, if its stream is still where the root has seen it. One round trip; none when
    /// nothing was recorded.
    ///
    /// The snapshot that may be due is stored in the background, after the answer; if it cannot be, that is logged and
    /// the next save makes one. Inside a transaction it is a part of it.
    ///
    /// After an error the root keeps what it has recorded. Each recorded event has its id from the beginning, so saving
    /// again after a lost connection, or after this future was dropped, stores nothing twice.
    ///
    /// # Errors
    ///
    /// [`Conflict`](AppendError::Conflict) when somebody else has appended since: load the root again and decide again.
    /// The others are those of [`Stream::append`](crate::handles::Stream::append).
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let mut account = accounts.load(&"ada".to_owned()).await?;
    /// let mut stale = accounts.load(&"ada".to_owned()).await?;
    ///
    /// account.record(AccountEvent::Withdrawn { cents: 30 });
    /// accounts.save(&mut account).await?;
    /// assert_eq!((account.cents, account.recorded().len()), (70, 0));
    ///
    /// stale.record(AccountEvent::Withdrawn { cents: 90 });
    /// let refused = accounts.save(&mut stale).await;
    /// assert!(matches!(refused, Err(AppendError::Conflict(_))));
    /// # Ok(()) }
    /// ```
    pub async fn save(&self, root: &mut AggregateRoot<A>) -> Result<Appended, AppendError> {
        save(&self.store, Via::Store, root, &self.metadata).await
    }

    /// Loads, decides, appends: two round trips. After a conflict it does so again, as the [`RetryPolicy`] says; after
    /// a lost connection it appends the same events again, so that what has been stored unnoticed is not decided twice.
    ///
    /// A dropped future leaves the events of the command either all stored or none. So does `Unavailable` from the
    /// append, once the retries are spent: executing again may then do it twice.
    ///
    /// # Errors
    ///
    /// [`Decide`](ExecuteError::Decide) when the aggregate refuses the command; nothing is stored, and it is not tried
    /// again. [`Conflict`](ExecuteError::Conflict) when others were faster at every attempt.
    /// [`Load`](ExecuteError::Load), [`Append`](ExecuteError::Append) and [`Store`](ExecuteError::Store) when an attempt
    /// fails that is the last, or after which another would fail in the same way.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let ada = "ada".to_owned();
    /// let executed = accounts.execute(&ada, Withdraw { cents: 30 }).await?;
    /// assert_eq!(executed.root.cents, 70);
    ///
    /// let refused = accounts.execute(&ada, Withdraw { cents: 90 }).await;
    /// assert!(matches!(refused, Err(ExecuteError::Decide(Overdrawn { left: 70 }))));
    /// # Ok(()) }
    /// ```
    pub async fn execute<C>(&self, id: &A::Id, command: C) -> Result<Executed<A>, ExecuteError<A::Error>>
    where
        A: Decide<C>,
    {
        let mut attempt = 1;
        loop {
            match self.try_execute(id, &command, &mut attempt).await {
                Err(error) if error.is_retriable() && self.may_retry(&mut attempt).await => {}
                result => return result,
            }
        }
    }

    async fn try_execute<C>(
        &self,
        id: &A::Id,
        command: &C,
        attempt: &mut u32,
    ) -> Result<Executed<A>, ExecuteError<A::Error>>
    where
        A: Decide<C>,
    {
        let mut root = self.load(id).await?;
        root.decide(command).map_err(ExecuteError::Decide)?;
        loop {
            match self.save(&mut root).await {
                // Whether it was stored is not known. The ids of these events tell; those of a new decision would not.
                Err(AppendError::Store(StoreError::Unavailable { .. })) if self.may_retry(attempt).await => {}
                result => return Ok(Executed { appended: result?, root }),
            }
        }
    }

    /// Waits for the next attempt; `false` when there is none left.
    async fn may_retry(&self, attempt: &mut u32) -> bool {
        let is_left = self.retries.allows_after(*attempt);
        if is_left {
            tokio::time::sleep(self.retries.pause(*attempt)).await;
            *attempt += 1;
        }
        is_left
    }
}

impl<A, B: Backend> Clone for Repository<A, B> {
    fn clone(&self) -> Self {
        let Self { store, metadata, retries, aggregate } = self;
        Self { store: store.clone(), metadata: metadata.clone(), retries: *retries, aggregate: *aggregate }
    }
}

impl<A, B: Backend> fmt::Debug for Repository<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repository").field("retries", &self.retries).finish_non_exhaustive()
    }
}
