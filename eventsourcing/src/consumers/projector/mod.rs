//! What runs a projection: batch after batch, each in one transaction with the checkpoint.

mod batch;
mod declare;

use std::{
    any::TypeId,
    collections::BTreeSet,
    fmt,
    pin::{Pin, pin},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    error::{ProjectorError, Tags},
    panics::caught,
    pauses::Pauses,
    projection::Projection,
    stop::{Stop, passing},
};
use crate::{
    handles::{
        store::Store,
        subscription::{OnUndecodable, Subscription, SubscriptionError},
    },
    port::{Backend, Checkpoint, Progress},
    vocabulary::{Chain, GlobalPosition},
};

impl<B: Backend> Store<B> {
    /// What runs a projection. Nothing is done in the database before it [runs](Projector::run).
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// let running = tokio::spawn(store.projector(Balances).run(async { stopped.await.ok(); }));
    /// // .. and when the service ends:
    /// drop(stop);
    /// running.await??;
    /// # Ok(()) }
    /// ```
    pub fn projector<P: Projection<B>>(&self, projection: P) -> Projector<P, B> {
        Projector::new(self.clone(), projection)
    }
}

/// Runs a projection: each event exactly once, however often it is stopped and however many instances run.
///
/// The examples run a [`Projection`] `Balances`, which keeps a table of that name.
pub struct Projector<P, B: Backend> {
    store: Store<B>,
    projection: P,
    on_undecodable: OnUndecodable,
    without_past_of: BTreeSet<String>,
    batch_timeout: Duration,
}

impl<P: Projection<B>, B: Backend> Projector<P, B> {
    /// How many events one transaction folds at most.
    const BATCH: usize = 500;
    /// How long `apply` may take for one batch, unless it is told otherwise.
    const BATCH_TIMEOUT: Duration = Duration::from_mins(10);
    /// How long events that are not for the projection may go by before the checkpoint moves over them.
    const DEBOUNCE: Duration = Duration::from_millis(100);

    fn new(store: Store<B>, projection: P) -> Self {
        Self {
            store,
            projection,
            on_undecodable: OnUndecodable::default(),
            without_past_of: BTreeSet::new(),
            batch_timeout: Self::BATCH_TIMEOUT,
        }
    }

    /// What to do about an event that cannot be decoded: stop with an error, unless this is set.
    ///
    /// An event that is skipped is reported as an error with `tracing`, and the checkpoint moves over it.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let projector = store.projector(Balances).on_undecodable(OnUndecodable::Skip);
    /// # projector.run(async {}).await?;
    /// # Ok(()) }
    /// ```
    pub fn on_undecodable(mut self, policy: OnUndecodable) -> Self {
        self.on_undecodable = policy;
        self
    }

    /// Lets the projection take events with these tags from now on, without those that it has passed over before it
    /// knew them: what [`ProjectorError::UnseenEvents`] refuses otherwise.
    ///
    /// The store writes down up to where they were passed over. From then on this changes nothing, so it may stay in
    /// the code.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let projector = store.projector(Balances).without_past_of(["account.withdrawn"]);
    /// # projector.run(async {}).await?;
    /// # Ok(()) }
    /// ```
    pub fn without_past_of<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.without_past_of.extend(tags.into_iter().map(Into::into));
        self
    }

    /// How long `apply` may take for one batch; ten minutes unless given. Then the batch is rolled back, its connection
    /// given up, and the projection goes on from its checkpoint: a connection whose other end has vanished without a
    /// word is noticed by nothing else.
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// let projector = store.projector(Balances).batch_timeout(Duration::from_secs(60));
    /// # projector.run(async {}).await?;
    /// # Ok(()) }
    /// ```
    pub fn batch_timeout(mut self, timeout: Duration) -> Self {
        self.batch_timeout = timeout;
        self
    }

    /// Folds events until `shutdown` completes; a batch that has begun is finished first.
    ///
    /// Faults of the database that pass by themselves are waited out and reported with `tracing` as warnings, wherever
    /// they happen: lost connections, a failover, a full pool, statements that were cancelled or rolled back in favour
    /// of others, also inside `apply`. Any number of instances may run; those that come too late hold no connection
    /// while they wait. So does an instance of a release that takes fewer events than another one has declared.
    ///
    /// A dropped future leaves a batch either wholly applied or not at all.
    ///
    /// # Errors
    ///
    /// When `apply` fails by itself or panics, when an event cannot be decoded, when the checkpoint is not this
    /// projection's or not of this log, and when the projection takes events that it has passed over. The checkpoint
    /// then stands before what was not folded, and the error is reported with `tracing` as well.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../../docs/example.txt")]
    /// // Up to where the log ends now, and no further; a service gives the future of its own end instead.
    /// let mut newest = store.all::<AccountEvent>().read().backwards();
    /// let end = newest.next().await.transpose()?.ok_or("an empty log")?.position;
    /// let status = store.projector_status::<Balances>();
    /// store.projector(Balances).run(async { status.reached(end).await.ok(); }).await?;
    ///
    /// let sql = "select cents from balances where account = 'ada'";
    /// let (cents,): (i64,) = sqlx::query_as(sql).fetch_one(store.pool()).await?;
    /// assert_eq!(cents, 100);
    /// # Ok(()) }
    /// ```
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), ProjectorError<P::Error>> {
        let result = self.run_until(pin!(shutdown)).await;
        if let Err(error) = &result {
            tracing::error!(projection = P::NAME, error = %Chain(error), "a projection has ended");
        }
        result
    }

    async fn run_until(
        &self,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> Result<(), ProjectorError<P::Error>> {
        if !self.store.claim(P::NAME, TypeId::of::<P>()) {
            return Err(ProjectorError::NameTaken { projection: P::NAME });
        }
        let mut pauses = Pauses::new();
        loop {
            let mut seen = None;
            // Boxed, so that the future of the caller stays small.
            let attempt = Box::pin(self.attempt(shutdown.as_mut(), &mut pauses, &mut seen));
            let stop = match caught(attempt).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(stop)) => stop,
                Err(message) => {
                    return Err(ProjectorError::Panicked { projection: P::NAME, after: seen, message });
                }
            };
            let pause = match stop {
                Stop::Failed(error) => return Err(error),
                Stop::Superseded => &mut pauses.turn,
                Stop::Older(unknown) => {
                    tracing::warn!(
                        projection = P::NAME,
                        unknown = %Tags(&unknown),
                        "a projection waits, because another release takes events that this one does not know; if that \
                         release was rolled back, call `forget_unknown_events` of the projection's status"
                    );
                    &mut pauses.older
                }
                Stop::Lost(error) => {
                    tracing::warn!(projection = P::NAME, error = %Chain(&*error), "a projection tries again");
                    &mut pauses.fault
                }
            };
            tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                () = pause.wait() => {}
            }
        }
    }

    /// Goes on from the checkpoint, which it shows, until the shutdown, or until something is in the way.
    async fn attempt(
        &self,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
        pauses: &mut Pauses,
        seen: &mut Option<GlobalPosition>,
    ) -> Result<(), Stop<P::Error>> {
        let (subscription, checkpoint) = tokio::select! {
            biased;
            () = &mut shutdown => return Ok(()),
            subscribed = self.subscribe() => subscribed?,
        };
        *seen = checkpoint.position;
        self.work(subscription, checkpoint, shutdown, pauses, seen).await
    }

    async fn subscribe(&self) -> Result<(Subscription<P::Event, B>, Checkpoint), Stop<P::Error>> {
        let consumer = self.store.backend().consumer(P::NAME).await.map_err(passing)?;
        let checkpoint = self.declare(&consumer).await?;
        let subscription = self.store.all().subscribe(consumer.resume.into()).await.map_err(Self::unreadable)?;
        Ok((subscription.on_undecodable(self.on_undecodable), checkpoint))
    }

    /// Folds batch after batch until the shutdown, or until something is in the way.
    async fn work(
        &self,
        mut subscription: Subscription<P::Event, B>,
        mut checkpoint: Checkpoint,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
        pauses: &mut Pauses,
        seen: &mut Option<GlobalPosition>,
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
            let last = batch.last().map(|last| (last.position, last.event_id));
            let progress = Progress { position, last, abandoned_after: Some(self.batch_timeout) };
            let transaction = tokio::select! {
                biased;
                () = &mut shutdown => return Ok(()),
                transaction = self.advance(progress, checkpoint) => transaction?,
            };
            self.fold(&batch, transaction).await?;
            checkpoint.position = Some(position);
            *seen = checkpoint.position;
            pauses.reset();
        }
    }

    fn unreadable(error: SubscriptionError) -> Stop<P::Error> {
        match error {
            SubscriptionError::Store(error) => passing(error),
            SubscriptionError::Read(source) => Stop::Failed(ProjectorError::Read { projection: P::NAME, source }),
            // A projection reads the log, and never begins behind the end of a stream.
            ahead @ SubscriptionError::VersionAhead { .. } => Stop::Lost(ahead.into()),
        }
    }
}

impl<P, B: Backend> fmt::Debug for Projector<P, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Projector")
            .field("on_undecodable", &self.on_undecodable)
            .field("without_past_of", &self.without_past_of)
            .field("batch_timeout", &self.batch_timeout)
            .finish_non_exhaustive()
    }
}
