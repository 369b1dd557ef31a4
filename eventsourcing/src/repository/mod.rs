//! Floor 3b: aggregates: load, decide, append. Knows no adapter.

mod retry;

use std::{fmt, marker::PhantomData, ops::Deref};

use futures_util::TryStreamExt;

pub use self::retry::RetryPolicy;
use crate::{
    aggregate::{Aggregate, Decide, Snapshots},
    events::{ReadError, decode},
    handle::{Store, encode_one},
    metadata::Metadata,
    position::StreamVersion,
    record::{EventId, NewEvent},
    store::{Append, AppendError, Appended, Backend, Loaded, Snapshot, StoreError, Via},
    stream_id::{InvalidStreamId, StreamId},
};

/// The aggregates of type `A`. A cheap handle.
pub struct Repository<A, B: Backend> {
    store: Store<B>,
    metadata: Metadata,
    retries: RetryPolicy,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: Aggregate, B: Backend> Repository<A, B> {
    pub(crate) fn new(store: Store<B>) -> Self {
        Self { store, metadata: Metadata::new(), retries: RetryPolicy::default(), aggregate: PhantomData }
    }

    /// What to say about every event that is saved through this handle.
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// How [`execute`](Self::execute) tries again.
    pub fn with_retries(mut self, retries: RetryPolicy) -> Self {
        self.retries = retries;
        self
    }

    /// The aggregate, in its default state and without a version when its stream has no events. One round trip.
    ///
    /// State and version are from one statement and always agree. A dropped future leaves nothing behind.
    pub async fn load(&self, id: &A::Id) -> Result<Root<A>, LoadError> {
        load(&self.store, Via::Store, id).await
    }

    /// The aggregate, if its stream has events.
    pub async fn find(&self, id: &A::Id) -> Result<Option<Root<A>>, LoadError> {
        Ok(Some(self.load(id).await?).filter(|root| root.version().is_some()))
    }

    /// Appends what the root has recorded, if its stream is still where the root has seen it. One round trip; none when
    /// nothing was recorded.
    ///
    /// The snapshot that may be due is stored in the background, after the answer; if it cannot be, that is logged and the
    /// next save makes one. Inside a transaction it is a part of it.
    ///
    /// After an error the root keeps what it has recorded. Each recorded event has its id from the beginning, so saving
    /// again after a lost connection, or after this future was dropped, stores nothing twice.
    pub async fn save(&self, root: &mut Root<A>) -> Result<Appended, AppendError> {
        save(&self.store, Via::Store, root, &self.metadata).await
    }

    /// Loads, decides, appends: two round trips. After a conflict it does so again, as the [`RetryPolicy`] says; after a
    /// lost connection it appends the same events again, so that what has been stored unnoticed is not decided twice.
    ///
    /// A dropped future leaves the events of the command either all stored or none. So does `Unavailable` from the append,
    /// once the retries are spent: executing again may then do it twice.
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

/// The stream of an aggregate.
fn stream_id<A: Aggregate>(id: &A::Id) -> Result<StreamId, InvalidStreamId> {
    StreamId::new(A::CATEGORY, id)
}

pub(crate) async fn load<A: Aggregate, B: Backend>(
    store: &Store<B>,
    mut via: Via<'_, B::Connection>,
    id: &A::Id,
) -> Result<Root<A>, LoadError> {
    let stream_id = stream_id::<A>(id)?;
    store.meet::<A::Event>().map_err(ReadError::from)?;
    let snapshots = A::snapshots();
    match fold(store, via.reborrow(), &stream_id, snapshots.as_ref()).await {
        Err(Fold::UnreadableSnapshot) => match fold(store, via, &stream_id, None).await {
            Err(Fold::Failed(error)) => Err(error.into()),
            Err(Fold::UnreadableSnapshot) => Ok(Root::new(stream_id)),
            Ok(root) => Ok(root),
        },
        Err(Fold::Failed(error)) => Err(error.into()),
        Ok(root) => Ok(root),
    }
}

/// Why folding a stream did not come to a state.
enum Fold {
    UnreadableSnapshot,
    Failed(ReadError),
}

async fn fold<A: Aggregate, B: Backend>(
    store: &Store<B>,
    via: Via<'_, B::Connection>,
    stream_id: &StreamId,
    snapshots: Option<&Snapshots<A>>,
) -> Result<Root<A>, Fold> {
    let mut root: Root<A> = Root::new(stream_id.clone());
    let mut loaded = store.backend().load(via, stream_id, snapshots.map(Snapshots::key));
    while let Some(item) = loaded.try_next().await.map_err(|error| Fold::Failed(error.into()))? {
        match (item, snapshots) {
            (Loaded::Event(stored), _) => {
                root.version = Some(stored.version());
                if let Some(recorded) = decode::<A::Event, _>(stored).map_err(Fold::Failed)? {
                    root.state.apply(&recorded.event);
                }
            }
            (Loaded::Snapshot { version, state }, Some(snapshots)) => match snapshots.decode(state.as_ref()) {
                Ok(state) => {
                    root.state = state;
                    root.version = Some(version);
                    root.snapshot = Some(version);
                }
                Err(error) => {
                    tracing::warn!(%stream_id, %version, %error, "a snapshot is not readable and is not used");
                    return Err(Fold::UnreadableSnapshot);
                }
            },
            (Loaded::Snapshot { .. }, None) => {}
        }
    }
    Ok(root)
}

pub(crate) async fn save<A: Aggregate, B: Backend>(
    store: &Store<B>,
    mut via: Via<'_, B::Connection>,
    root: &mut Root<A>,
    metadata: &Metadata,
) -> Result<Appended, AppendError> {
    if root.recorded.is_empty() {
        return Ok(Appended::NOTHING);
    }
    store.meet::<A::Event>()?;
    let events = root.recorded.iter().enumerate().map(|(index, new)| encode_one(index, new, metadata));
    let events = events.collect::<Result<_, _>>()?;
    let append = Append { stream_id: root.stream_id.clone(), expected: root.version.into(), events };
    let appended = store.append(via.reborrow(), append).await?;
    root.version = appended.version.or(root.version);
    let last_id = root.recorded.last().and_then(|new| new.id);
    root.recorded.clear();
    if let (Some(snapshots), Some(event_id)) = (A::snapshots(), last_id) {
        save_snapshot(store, via, root, event_id, &snapshots).await;
    }
    Ok(appended)
}

/// A snapshot is only a shortcut: that it cannot be stored fails nothing.
async fn save_snapshot<A: Aggregate, B: Backend>(
    store: &Store<B>,
    via: Via<'_, B::Connection>,
    root: &mut Root<A>,
    event_id: EventId,
    snapshots: &Snapshots<A>,
) {
    let Some(version) = root.version else { return };
    let since = version.get() - root.snapshot.map_or(0, StreamVersion::get);
    if since < i64::from(snapshots.every().get()) {
        return;
    }
    let stream_id = root.stream_id.clone();
    let state = match snapshots.encode(&root.state) {
        Ok(state) => state,
        Err(error) => return tracing::warn!(%stream_id, %error, "the state cannot be stored as a snapshot"),
    };
    let snapshot = Snapshot { stream_id, key: snapshots.key(), version, event_id, state };
    let is_stored = match via {
        Via::Store => store.save_snapshot_beside(snapshot),
        Via::Caller(connection) => {
            let saved = store.backend().save_snapshot(Via::Caller(connection), &snapshot).await;
            saved
                .inspect_err(|error| {
                    tracing::warn!(stream_id = %snapshot.stream_id, %error, "a snapshot was not stored");
                })
                .is_ok()
        }
    };
    if is_stored {
        root.snapshot = Some(version);
    }
}

/// An aggregate in memory: its state, the version it was loaded at, and what it has recorded since.
///
/// Derefs to the state.
pub struct Root<A: Aggregate> {
    stream_id: StreamId,
    state: A,
    version: Option<StreamVersion>,
    snapshot: Option<StreamVersion>,
    recorded: Vec<NewEvent<A::Event>>,
}

impl<A: Aggregate> Root<A> {
    fn new(stream_id: StreamId) -> Self {
        Self { stream_id, state: A::default(), version: None, snapshot: None, recorded: Vec::new() }
    }

    /// The stream of the aggregate.
    pub fn stream_id(&self) -> &StreamId {
        &self.stream_id
    }

    /// The version of the last stored event in the state; `None` when the stream has no events. Recorded events count
    /// when they have been saved.
    pub fn version(&self) -> Option<StreamVersion> {
        self.version
    }

    /// Records an event and applies it to the state at once. It is stored by the next save.
    pub fn record(&mut self, event: impl Into<NewEvent<A::Event>>) {
        let mut new = event.into();
        // From the beginning, so that saving twice stores it once.
        new.id.get_or_insert_with(EventId::new);
        self.state.apply(&new.event);
        self.recorded.push(new);
    }

    /// Lets the state decide on a command, and records what it decides.
    pub fn decide<C>(&mut self, command: &C) -> Result<(), A::Error>
    where
        A: Decide<C>,
    {
        for event in self.state.decide(command)? {
            self.record(event);
        }
        Ok(())
    }

    /// What has been recorded and not saved, in order.
    pub fn recorded(&self) -> &[NewEvent<A::Event>] {
        &self.recorded
    }

    /// The state alone.
    pub fn into_state(self) -> A {
        self.state
    }
}

impl<A: Aggregate + fmt::Debug> fmt::Debug for Root<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stream_id, state, version, snapshot: _, recorded } = self;
        let mut root = f.debug_struct("Root");
        root.field("stream_id", stream_id).field("version", version).field("state", state);
        root.field("recorded", &recorded.len()).finish()
    }
}

impl<A: Aggregate> Deref for Root<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.state
    }
}

/// What a command came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct Executed<A: Aggregate> {
    /// The aggregate after the command.
    pub root: Root<A>,
    /// Where its last event stands; nothing when the command led to no events.
    pub appended: Appended,
}

/// Why an aggregate could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The id makes no stream id.
    #[error(transparent)]
    Id(#[from] InvalidStreamId),
    /// An event of the stream is not readable, or the store failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Why a command was not executed. `D` is the aggregate's own reason.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecuteError<D> {
    /// The aggregate refused the command.
    #[error("{0}")]
    Decide(D),
    /// The aggregate could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Its events could not be appended; a conflict is one that outlasted the retries.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl<D> ExecuteError<D> {
    /// Whether trying again may help: a conflict, or an error of the store that passes. `Unavailable` from the append
    /// says that its events may be stored nevertheless.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Load(LoadError::Read(ReadError::Store(error))) | Self::Append(AppendError::Store(error)) => {
                error.is_retriable()
            }
            Self::Append(error) => matches!(error, AppendError::Conflict(_)),
            Self::Decide(_) | Self::Load(_) => false,
        }
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
