//! Floor 3b: projections: read models whose checkpoint moves in the transaction of their own writes. Knows no adapter.

use std::{error::Error, fmt, marker::PhantomData, pin::pin, time::Duration};

use tokio::time::Instant;

use crate::{
    events::ReadError,
    handle::Store,
    position::GlobalPosition,
    record::Recorded,
    schema::Event,
    store::{Backend, Checkpoint, StoreError, Via},
    subscription::{OnUndecodable, Subscription, SubscriptionError},
};

/// Folds events into a read model that lives in the store's database. `B` is the adapter, such as `Postgres`.
///
/// Its state is in the database, hence `&self`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection on `{B}`",
    label = "not a projection on `{B}`",
    note = "write `impl Projection<{B}> for {Self}`"
)]
pub trait Projection<B: Backend>: Send + Sync {
    /// The name of its checkpoint: unique in the store, and never changed.
    const NAME: &'static str;
    /// The events that it folds.
    type Event: Event;
    /// How its statements can fail.
    type Error: Error + Send + Sync + 'static;

    /// Folds a batch of events, in global order, within the transaction that is open on the connection.
    ///
    /// When it succeeds, its writes are committed together with the checkpoint; when it fails, or its future is dropped,
    /// neither is. It must not commit by itself.
    fn apply(
        &self,
        batch: &[Recorded<Self::Event>],
        connection: &mut B::Connection,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Runs a projection: each event exactly once, however often it is stopped and however many instances run.
pub struct Projector<P, B: Backend> {
    store: Store<B>,
    projection: P,
    on_undecodable: OnUndecodable,
}

/// Why `run` goes on from the checkpoint again, or ends.
enum Stop<E> {
    /// Another instance has moved the checkpoint.
    Superseded,
    /// A passing fault of the database.
    Lost(StoreError),
    Failed(ProjectorError<E>),
}

impl<P: Projection<B>, B: Backend> Projector<P, B> {
    /// How many events one transaction folds at most.
    const BATCH: usize = 500;
    /// How long events that are not for the projection may go by before the checkpoint moves over them.
    const DEBOUNCE: Duration = Duration::from_millis(100);
    /// How long to wait before trying again after a fault: from this, doubling, to the other.
    const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

    pub(crate) fn new(store: Store<B>, projection: P) -> Self {
        Self { store, projection, on_undecodable: OnUndecodable::default() }
    }

    /// What to do about an event that cannot be decoded: stop with an error, unless this is set.
    pub fn on_undecodable(mut self, policy: OnUndecodable) -> Self {
        self.on_undecodable = policy;
        self
    }

    /// Folds events until `shutdown` completes; a batch that has begun is finished first.
    ///
    /// Goes on by itself after lost connections and when another instance of the projection was faster. Ends with an error
    /// when `apply` fails on a connection that is alive, or when an event cannot be decoded; the checkpoint then stands
    /// before it. A dropped future leaves a batch either wholly applied or not at all.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), ProjectorError<P::Error>> {
        let mut shutdown = pin!(shutdown);
        let mut pause = Self::PAUSE.0;
        loop {
            let mut progressed = false;
            let stop = tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                subscription = self.subscribe() => match subscription {
                    Ok((subscription, checkpoint)) => {
                        match self.work(subscription, checkpoint, shutdown.as_mut(), &mut progressed).await {
                            Ok(()) => return Ok(()),
                            Err(stop) => stop,
                        }
                    }
                    Err(stop) => stop,
                },
            };
            match stop {
                Stop::Superseded => continue,
                Stop::Failed(error) => return Err(error),
                Stop::Lost(error) => tracing::info!(projection = P::NAME, %error, "a projection tries again"),
            }
            if progressed {
                pause = Self::PAUSE.0;
            }
            tokio::select! {
                () = &mut shutdown => return Ok(()),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(Self::PAUSE.1),
            }
        }
    }

    async fn subscribe(&self) -> Result<(Subscription<P::Event, B>, Checkpoint), Stop<P::Error>> {
        let checkpoint = self.store.backend().checkpoint(P::NAME).await.map_err(passing)?;
        let subscription = self.store.all().subscribe(checkpoint.position.into()).await.map_err(Self::unreadable)?;
        Ok((subscription.on_undecodable(self.on_undecodable), checkpoint))
    }

    /// Folds batch after batch until the shutdown, or until something is in the way.
    async fn work(
        &self,
        mut subscription: Subscription<P::Event, B>,
        mut checkpoint: Checkpoint,
        mut shutdown: std::pin::Pin<&mut (impl Future<Output = ()> + Send)>,
        progressed: &mut bool,
    ) -> Result<(), Stop<P::Error>> {
        let mut behind_since = None;
        loop {
            let is_behind = subscription.position() > checkpoint.position;
            behind_since = is_behind.then(|| behind_since.unwrap_or_else(Instant::now));
            let overdue = behind_since.unwrap_or_else(Instant::now) + Self::DEBOUNCE;
            let batch = tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                // Nothing for this projection has come for a while, but others have.
                () = tokio::time::sleep_until(overdue), if is_behind => Vec::new(),
                batch = subscription.next_batch(Self::BATCH) => {
                    let batch = batch.map_err(Self::unreadable)?;
                    if batch.is_empty() {
                        continue;
                    }
                    batch
                }
            };
            let Some(position) = subscription.position() else { continue };
            let transaction = tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                transaction = self.advance(position, checkpoint) => transaction?,
            };
            self.fold(&batch, transaction).await?;
            checkpoint.position = Some(position);
            *progressed |= !batch.is_empty();
        }
    }

    /// Begins a transaction and moves the checkpoint in it: first, because that makes other instances wait, and tells
    /// whether they were faster. May wait for another instance as long as that one works.
    async fn advance(
        &self,
        position: GlobalPosition,
        checkpoint: Checkpoint,
    ) -> Result<B::Transaction, Stop<P::Error>> {
        let backend = self.store.backend();
        let mut transaction = backend.begin().await.map_err(passing)?;
        let connection = B::connection(&mut transaction);
        if backend.advance(Via::Caller(connection), P::NAME, checkpoint, position).await.map_err(passing)? {
            return Ok(transaction);
        }
        B::rollback(transaction).await.map_err(passing)?;
        Err(Stop::Superseded)
    }

    /// Folds the batch in the transaction that has moved the checkpoint, and commits.
    async fn fold(&self, batch: &[Recorded<P::Event>], mut transaction: B::Transaction) -> Result<(), Stop<P::Error>> {
        if let Err(source) = self.apply(batch, B::connection(&mut transaction)).await {
            let is_alive = B::is_alive(B::connection(&mut transaction)).await;
            let rolled_back = B::rollback(transaction).await;
            return Err(match rolled_back {
                Err(error) => Stop::Lost(error),
                Ok(()) if !is_alive => Stop::Lost(StoreError::Unavailable { source: std::sync::Arc::new(source) }),
                Ok(()) => Stop::Failed(Self::failed(batch, source)),
            });
        }
        B::commit(transaction).await.map_err(passing)?;
        self.store.projected().notify_waiters();
        Ok(())
    }

    async fn apply(&self, batch: &[Recorded<P::Event>], connection: &mut B::Connection) -> Result<(), P::Error> {
        if batch.is_empty() { Ok(()) } else { self.projection.apply(batch, connection).await }
    }

    fn failed(batch: &[Recorded<P::Event>], source: P::Error) -> ProjectorError<P::Error> {
        let position = |event: Option<&Recorded<P::Event>>| event.map(|event| event.position);
        ProjectorError::Apply { projection: P::NAME, from: position(batch.first()), to: position(batch.last()), source }
    }

    fn unreadable(error: SubscriptionError) -> Stop<P::Error> {
        match error {
            SubscriptionError::Read(ReadError::Store(error)) => passing(error),
            source => Stop::Failed(ProjectorError::Subscription { projection: P::NAME, source }),
        }
    }
}

/// Faults of the database that pass are waited for.
fn passing<E>(error: StoreError) -> Stop<E> {
    if error.is_retriable() { Stop::Lost(error) } else { Stop::Failed(error.into()) }
}

/// Why a projection has ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectorError<E> {
    /// `apply` failed; the batch was rolled back.
    #[error(
        "projection `{projection}` failed on the events from position {} to {}: {source}",
        from.map_or(0, GlobalPosition::get),
        to.map_or(0, GlobalPosition::get)
    )]
    Apply {
        /// The name of the projection.
        projection: &'static str,
        /// The position of the batch's first event.
        from: Option<GlobalPosition>,
        /// The position of the batch's last event.
        to: Option<GlobalPosition>,
        /// What `apply` said.
        source: E,
    },
    /// The events could not be read.
    #[error("projection `{projection}` has stopped: {source}")]
    Subscription {
        /// The name of the projection.
        projection: &'static str,
        /// Why, and at which event.
        source: SubscriptionError,
    },
    /// The store failed in a way that does not pass by itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far a projection has come, in whichever process it runs.
pub struct ProjectorStatus<P, B: Backend> {
    store: Store<B>,
    projection: PhantomData<fn() -> P>,
}

impl<P: Projection<B>, B: Backend> ProjectorStatus<P, B> {
    /// How often the checkpoint is looked at, when it is another process that moves it.
    const POLL_INTERVAL: Duration = Duration::from_millis(50);

    pub(crate) fn new(store: Store<B>) -> Self {
        Self { store, projection: PhantomData }
    }

    /// The last position that the projection has durably folded, or passed over; `None` before the first.
    pub async fn position(&self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(self.store.backend().checkpoint(P::NAME).await?.position)
    }

    /// Waits until the projection has come to a position, such as that of an append: then it shows its effects.
    ///
    /// Waits for ever when the projection does not run.
    pub async fn reached(&self, position: GlobalPosition) -> Result<(), StoreError> {
        loop {
            let moved = self.store.projected().notified();
            if self.position().await? >= Some(position) {
                return Ok(());
            }
            tokio::select! {
                () = moved => {}
                () = tokio::time::sleep(Self::POLL_INTERVAL) => {}
            }
        }
    }
}

impl<P, B: Backend> Clone for ProjectorStatus<P, B> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), projection: self.projection }
    }
}

impl<P, B: Backend> fmt::Debug for Projector<P, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Projector").field("on_undecodable", &self.on_undecodable).finish_non_exhaustive()
    }
}

impl<P, B: Backend> fmt::Debug for ProjectorStatus<P, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProjectorStatus").finish_non_exhaustive()
    }
}
