//! The store as users hold it, and what all its typed handles share. Each handle brings its own way to it.

use std::{
    any::TypeId,
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, Semaphore};

use crate::{
    engine::log::{Slot, Source, Tailer},
    port::{Append, AppendError, Appended, Backend, Blocker, Snapshot, StoreError, Via},
    schema::{Event, EventTypes, Owners},
    vocabulary::Chain,
};

/// A store of events: the way to streams, aggregates, subscriptions and projections.
///
/// A store is cheap to clone, and meant to be: its handles share one connection to the end of the log, however many
/// subscriptions there are. It fits as the state of a web framework.
///
/// The examples here, and those of all handles, run on a `store` in which the [account](crate) `ada` has one event, a
/// deposit of 100 cents.
#[derive(Debug)]
pub struct Store<B: Backend> {
    backend: B,
    shared: Arc<Shared<B>>,
}

#[derive(Debug)]
struct Shared<B: Backend> {
    /// Notified by every append through this store: the tailer waits for it.
    appended: Arc<Notify>,
    /// Notified by every projector of this store that has moved its checkpoint.
    projected: Notify,
    tailer: Arc<Slot<B>>,
    /// Held by every transaction that this store has begun.
    transactions: Arc<()>,
    /// Which type each consumer is of, by its name.
    consumers: Mutex<HashMap<&'static str, TypeId>>,
    /// Which event types the store has met, and whose tags they have.
    met: RwLock<Met>,
    /// How many appends have gone into transactions whose commit this store may not see.
    appended_within: AtomicU64,
    /// Who stores a snapshot beside the appends holds one of these.
    snapshots: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Met {
    types: HashSet<TypeId>,
    owners: Owners,
}

impl<B: Backend> Clone for Store<B> {
    fn clone(&self) -> Self {
        Self { backend: self.backend.clone(), shared: Arc::clone(&self.shared) }
    }
}

impl<B: Backend> Store<B> {
    /// How often a subscription looks for events that nobody has announced.
    const POLL_INTERVAL: Duration = Duration::from_secs(1);

    /// How many snapshots are stored at the same time: so few that they leave the pool to the appends.
    const SNAPSHOTS_AT_ONCE: usize = 2;

    /// A store over an adapter. Nothing is done in the database.
    ///
    /// Each call makes a store of its own, which follows the log on one more connection as soon as somebody subscribes.
    /// Clone a store where another handle on the same one is wanted.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let backend = Postgres::connect(url, PgOptions::new()).await?;
    /// let store = Store::over(backend);
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn over(backend: B) -> Self {
        Self::polling(backend, Self::POLL_INTERVAL)
    }

    /// The same store with its own subscriptions, which look this often for events that nobody has announced: those
    /// whose notification was lost, or that were committed in a transaction that the store did not see. One second
    /// unless given.
    ///
    /// Clones that were made before keep their interval. A shorter one costs the database that many small queries more,
    /// whatever the number of subscriptions.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let store = store.with_poll_interval(Duration::from_millis(100));
    /// let subscription = store.all::<AccountEvent>().subscribe(After::End).await?;
    /// # Ok(()) }
    /// ```
    pub fn with_poll_interval(self, interval: Duration) -> Self {
        Self::polling(self.backend, interval)
    }

    fn polling(backend: B, poll_interval: Duration) -> Self {
        let appended: Arc<Notify> = Arc::default();
        let source = Source { backend: backend.clone(), poll_interval, appended: Arc::clone(&appended) };
        let shared = Shared {
            appended,
            projected: Notify::new(),
            tailer: Arc::new(Slot::new(source)),
            transactions: Arc::default(),
            consumers: Mutex::default(),
            met: RwLock::default(),
            appended_within: AtomicU64::new(0),
            snapshots: Arc::new(Semaphore::new(Self::SNAPSHOTS_AT_ONCE)),
        };
        Self { backend, shared: Arc::new(shared) }
    }

    /// Lets subscribers look for new events now, in this process and in others: for after a commit that the store did
    /// not see.
    ///
    /// It is a hint: it returns at once and cannot fail. Without it, subscribers find the events at their next
    /// [poll](Self::with_poll_interval).
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.pool().begin().await?;
    /// let mut inside = store.in_transaction(&mut transaction);
    /// let mut stream = inside.stream::<AccountEvent>("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    /// transaction.commit().await?;
    /// store.wake();
    /// # Ok(()) }
    /// ```
    pub fn wake(&self) {
        self.shared.appended.notify_one();
        self.backend.announce();
    }

    /// The transactions that have written events and not ended, the oldest first: what subscribers may be waiting for.
    ///
    /// A role without `pg_monitor` sees that there is such a transaction, and of the sessions of other roles nothing
    /// more. A dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// Those of the store: [`Unavailable`](StoreError::Unavailable) when the database is not reached.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transaction = store.begin().await?;
    /// let mut stream = transaction.stream::<AccountEvent>("account/ada".parse()?);
    /// stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }]).await?;
    ///
    /// for blocker in store.blockers().await? {
    ///     println!("process {:?} has been writing for {:?}: {:?}", blocker.pid, blocker.age, blocker.query);
    /// }
    /// # assert_eq!(store.blockers().await?.len(), 1);
    /// # Ok(()) }
    /// ```
    pub async fn blockers(&self) -> Result<Vec<Blocker>, StoreError> {
        self.backend.blockers().await
    }

    /// The adapter: what the store asks for everything, and what has the methods of one kind of database only.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// for (name, sql) in store.backend().statements() {
    ///     println!("-- {name}\n{sql};");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// Appends to one stream, and wakes subscribers if that is committed.
    pub(crate) async fn append(&self, via: Via<'_, B::Connection>, append: Append) -> Result<Appended, AppendError> {
        let commits = matches!(via, Via::Store);
        let mut results = self.backend.append(via, std::slice::from_ref(&append)).await?;
        let appended = results.pop().unwrap_or_else(|| Err(no_result().into()))?;
        if appended.position.is_some() {
            if commits { self.wake() } else { self.note_append_within() }
        }
        Ok(appended)
    }

    /// Whether a consumer of this name is of this type, if there has been one.
    pub(crate) fn claim(&self, name: &'static str, of: TypeId) -> bool {
        *self.shared.consumers.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert(of) == of
    }

    /// Refuses an event type that has a tag or a prefix of another package whose types the store has met. After the first
    /// time it is a look into a set.
    pub(crate) fn meet<E: Event>(&self) -> Result<(), StoreError> {
        self.meet_types(TypeId::of::<E>(), &E::TYPES)
    }

    /// The same for a type of which only these facts are at hand.
    pub(crate) fn meet_types(&self, id: TypeId, types: &EventTypes) -> Result<(), StoreError> {
        if self.shared.met.read().unwrap_or_else(PoisonError::into_inner).types.contains(&id) {
            return Ok(());
        }
        let mut met = self.shared.met.write().unwrap_or_else(PoisonError::into_inner);
        met.owners.add(types).map_err(|shared| StoreError::SharedName(Box::new(shared)))?;
        met.types.insert(id);
        Ok(())
    }

    /// Something was appended in a transaction that is open.
    pub(crate) fn note_append_within(&self) {
        self.shared.appended_within.fetch_add(1, Ordering::SeqCst);
    }

    /// How often that was so: whoever runs foreign code in a transaction sees by it whether its commit is to wake readers.
    pub(crate) fn appended_within(&self) -> u64 {
        self.shared.appended_within.load(Ordering::SeqCst)
    }

    /// What a transaction holds while it is open, so that it is counted.
    pub(crate) fn count_transaction(&self) -> Arc<()> {
        Arc::clone(&self.shared.transactions)
    }

    /// How many transactions that this store has begun are open.
    pub(crate) fn open_transactions(&self) -> usize {
        Arc::strong_count(&self.shared.transactions) - 1
    }

    pub(crate) fn projected(&self) -> &Notify {
        &self.shared.projected
    }

    /// Stores a snapshot in the background, if no more than a few are being stored already; whether it is.
    ///
    /// It is only a shortcut: where there is none, the next save makes one.
    pub(crate) fn save_snapshot_beside(&self, snapshot: Snapshot) -> bool {
        let Ok(permit) = Arc::clone(&self.shared.snapshots).try_acquire_owned() else { return false };
        let backend = self.backend.clone();
        tokio::spawn(async move {
            if let Err(error) = backend.save_snapshot(Via::Store, &snapshot).await {
                tracing::warn!(stream_id = %snapshot.stream_id, error = %Chain(&error), "a snapshot was not stored");
            }
            drop(permit);
        });
        true
    }

    /// The one tailer of this store: the running one, or a new one.
    pub(crate) fn tailer(&self) -> Arc<Tailer<B>> {
        self.shared.tailer.tailer()
    }
}

/// An adapter owes a result for each append.
pub(crate) fn no_result() -> StoreError {
    StoreError::Corrupt { problem: "the adapter gave no result for an append".to_owned() }
}
