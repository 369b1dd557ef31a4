//! How far a projection has come, from whichever process it is asked.

use std::{fmt, marker::PhantomData, time::Duration};

use super::{
    declared,
    projection::{KIND, Projection},
};
use crate::{
    backoff::Backoff,
    handles::store::Store,
    port::{Backend, StoreError, Via},
    schema::Event,
    vocabulary::GlobalPosition,
};

impl<B: Backend> Store<B> {
    /// How far a projection has come, in whichever process it runs. Nothing is done in the database before it is asked.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let status = store.projector_status::<Balances>();
    /// assert_eq!(status.position().await?, None);
    /// # Ok(()) }
    /// ```
    pub fn projector_status<P: Projection<B>>(&self) -> ProjectorStatus<P, B> {
        ProjectorStatus { store: self.clone(), projection: PhantomData }
    }
}

/// How far a projection has come, in whichever process it runs, and what can be done about its checkpoint.
pub struct ProjectorStatus<P, B: Backend> {
    store: Store<B>,
    projection: PhantomData<fn() -> P>,
}

impl<P: Projection<B>, B: Backend> ProjectorStatus<P, B> {
    /// The last position that the projection has durably folded, or passed over; `None` before the first.
    ///
    /// # Errors
    ///
    /// Those of the store; the status of a projection that has never run is no error. A dropped future leaves nothing.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// match store.projector_status::<Balances>().position().await? {
    ///     Some(position) => println!("up to position {position}"),
    ///     None => println!("has not begun"),
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn position(&self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(self.store.backend().checkpoint(P::NAME).await?.position)
    }

    /// Waits until the projection has come to a position, such as that of an append: then it shows its effects.
    ///
    /// A projector of this store tells at once; that of another process is found by looking, at intervals that grow to
    /// a second. Whether the projection runs anywhere is not known here, so where it does not run this waits for ever:
    /// bound it where somebody waits for the answer.
    ///
    /// # Errors
    ///
    /// Those of the store that do not pass by themselves; what passes is waited out. A dropped future leaves nothing.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// # let running = tokio::spawn(store.projector(Balances).run(std::future::pending()));
    /// let stream = store.stream("account/ada".parse()?);
    /// let appended = stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    ///
    /// let status = store.projector_status::<Balances>();
    /// if let Some(position) = appended.position {
    ///     match tokio::time::timeout(Duration::from_secs(2), status.reached(position)).await {
    ///         Ok(reached) => reached?,
    ///         Err(_) => println!("accepted; it will show soon"),
    ///     }
    /// }
    /// # running.abort();
    /// # Ok(()) }
    /// ```
    pub async fn reached(&self, position: GlobalPosition) -> Result<(), StoreError> {
        let mut pause = Backoff::new(Duration::from_millis(20), Duration::from_secs(1));
        loop {
            let moved = self.store.projected().notified();
            match self.position().await {
                Ok(now) if now >= Some(position) => return Ok(()),
                Err(error) if !error.is_transient() => return Err(error),
                Ok(_) | Err(_) => {}
            }
            tokio::select! {
                () = moved => {}
                () = pause.wait() => {}
            }
        }
    }

    /// Puts the projection back before the first event, in the caller's transaction, so that it is rebuilt: empty its
    /// tables in the same transaction. Until that has committed its instances wait, wherever they run, and then they
    /// begin anew; they need not be stopped. Those of a release that takes fewer events than this one go on waiting.
    ///
    /// Call it before the tables are emptied: it waits for the batch that is being folded, and whoever emptied the
    /// tables first could wait for that batch in a circle.
    ///
    /// # Errors
    ///
    /// Those of the store; roll back then, and after a dropped future.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// store.projector_status::<Balances>().reset(transaction.connection()).await?;
    /// sqlx::query("truncate balances").execute(transaction.connection()).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn reset(&self, connection: &mut B::Connection) -> Result<(), StoreError> {
        let declaration = declared::declaration(&declared::taken(&P::Event::TYPES), &[], None, &[]);
        self.store.backend().reset(Via::Caller(connection), P::NAME, KIND, &declaration).await
    }

    /// Declares that the projection does not take events any more which this release does not know.
    ///
    /// A projection waits while the store knows of an instance that takes more than it does, as in a deployment that
    /// replaces one release by the next. This is for when that release has been rolled back, or when an event type was
    /// taken away from the projection. A later release that takes those events again has not seen what is stored until
    /// then, and is refused while there are such.
    ///
    /// It waits for the batch that an instance is folding, and changes nothing where nothing is unknown.
    ///
    /// # Errors
    ///
    /// Those of the store. A dropped future leaves it either done or not.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// store.projector_status::<Balances>().forget_unknown_events().await?;
    /// # Ok(()) }
    /// ```
    pub async fn forget_unknown_events(&self) -> Result<(), StoreError> {
        let mut pause = Backoff::new(Duration::from_millis(20), Duration::from_secs(1));
        loop {
            let consumer = self.store.backend().consumer(P::NAME).await?;
            let (Some(kind), Some(declared)) = (&consumer.kind, &consumer.declared) else { return Ok(()) };
            let known = declared::known(&declared::taken(&P::Event::TYPES), declared);
            if known == *declared
                || self.store.backend().declare(P::NAME, consumer.checkpoint, kind, &known).await?.is_some()
            {
                return Ok(());
            }
            // An instance is folding a batch.
            pause.wait().await;
        }
    }
}

impl<P, B: Backend> Clone for ProjectorStatus<P, B> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), projection: self.projection }
    }
}

impl<P, B: Backend> fmt::Debug for ProjectorStatus<P, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectorStatus").finish_non_exhaustive()
    }
}
