//! What subscriptions see of the one task of their store that follows the end of the log.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use super::{
    follow::Follow,
    ring::{Page, Ring},
};
use crate::{
    handle::Store,
    position::GlobalPosition,
    record::EventId,
    store::{Backend, Mark, StoreError, Timeline},
};

/// What the task has published: up to where the log is settled, and what it has been asked to find out.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Up to here every event is in the ring or in the database, decided for good.
    pub(super) settled: Option<GlobalPosition>,
    /// The event that stands there.
    pub(super) event_id: Option<EventId>,
    /// The last position handed out by the log when it was last refreshed.
    pub(super) end: Option<GlobalPosition>,
    pub(super) timeline: Option<Timeline>,
    /// Whether the task has found out where to begin.
    pub(super) ready: bool,
    /// The number of the newest refresh that is done.
    pub(super) refreshed: u64,
    /// Why the task gets nowhere at present, while it goes on trying; and how often it has found that.
    pub(super) trouble: Option<StoreError>,
    pub(super) troubles: u64,
    /// Why the task has ended.
    pub(super) failed: Option<StoreError>,
}

impl Head {
    /// Whether this refresh is done.
    pub(super) fn is_refreshed(&self, number: u64) -> bool {
        self.refreshed >= number
    }

    /// The event up to which the log is settled.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.settled.zip(self.event_id).map(|(position, event_id)| Mark { position, event_id })
    }

    /// Why there is nothing to wait for, unless it has been told before.
    fn refusal(&self, told: u64) -> Option<&StoreError> {
        self.failed.as_ref().or(self.trouble.as_ref().filter(|_| self.troubles > told))
    }
}

/// Which of the task's troubles somebody has been told: each is told once, so that whoever asks again waits.
#[derive(Debug, Default)]
pub(super) struct Told(u64);

/// Follows the log for whoever holds it.
#[derive(Debug)]
pub(crate) struct Tailer<B: Backend> {
    shared: Arc<Shared<B>>,
    head: watch::Receiver<Head>,
    task: JoinHandle<()>,
}

/// What the handles and the task share.
#[derive(Debug)]
pub(super) struct Shared<B: Backend> {
    pub(super) ring: Mutex<Ring<B::Payload>>,
    /// The number of the newest refresh that somebody waits for.
    pub(super) wanted: AtomicU64,
    /// Rung when the number grows, and by every append of the store.
    pub(super) wake: Arc<Notify>,
}

/// The place of a store for its one tailer. It keeps it for a while when nobody uses it, so that the next one who does
/// needs no new connection.
#[derive(Debug)]
pub(crate) struct Slot<B: Backend>(Mutex<Kept<B>>);

#[derive(Debug)]
struct Kept<B: Backend> {
    tailer: Option<Arc<Tailer<B>>>,
    /// How often it has been given to somebody.
    given: u64,
}

impl<B: Backend> Default for Slot<B> {
    fn default() -> Self {
        Self(Mutex::new(Kept { tailer: None, given: 0 }))
    }
}

impl<B: Backend> Slot<B> {
    /// The running tailer of the store, or a new one.
    pub(crate) fn tailer(self: &Arc<Self>, store: &Store<B>) -> Arc<Tailer<B>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.given += 1;
        if let Some(running) = kept.tailer.as_ref().filter(|tailer| tailer.is_running()) {
            return Arc::clone(running);
        }
        let tailer = Tailer::start(store, self);
        kept.tailer = Some(Arc::clone(&tailer));
        tailer
    }

    /// Lets go of a tailer that nobody uses, and nobody has been given since `given` was noted.
    pub(super) fn let_go_if_unused(&self, given: &mut Option<u64>) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_used = kept.tailer.as_ref().is_some_and(|tailer| Arc::strong_count(tailer) > 1);
        if !is_used && *given == Some(kept.given) {
            kept.tailer = None;
            return true;
        }
        *given = (!is_used).then_some(kept.given);
        false
    }
}

impl<B: Backend> Tailer<B> {
    fn start(store: &Store<B>, slot: &Arc<Slot<B>>) -> Arc<Self> {
        let shared = Arc::new(Shared {
            ring: Mutex::new(Ring::new()),
            wanted: AtomicU64::new(0),
            wake: Arc::clone(store.grown()),
        });
        let (publish, head) = watch::channel(Head::default());
        let task = Follow::new(store, &shared, Arc::downgrade(slot), publish);
        Arc::new(Self { shared, head, task: tokio::spawn(task.run()) })
    }

    pub(crate) fn is_running(&self) -> bool {
        !self.task.is_finished() && self.head.borrow().failed.is_none()
    }

    pub(super) fn head(&self) -> Head {
        self.head.borrow().clone()
    }

    pub(super) fn page_after(&self, position: Option<GlobalPosition>) -> Option<Arc<Page<B::Payload>>> {
        self.shared.ring.lock().unwrap_or_else(PoisonError::into_inner).page_after(position)
    }

    /// The head as it is, once there is one.
    pub(super) async fn ready(&self, told: &mut Told) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.ready).await
    }

    /// Asks for a head that has everything in it that was committed before this call; the number of the refresh.
    pub(super) fn request_refresh(&self) -> u64 {
        let number = self.shared.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        self.shared.wake.notify_one();
        number
    }

    /// The head after a refresh.
    pub(super) async fn refreshed(&self, number: u64, told: &mut Told) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.is_refreshed(number)).await
    }

    /// Waits until the log is settled beyond a position.
    pub(super) async fn settled_beyond(
        &self,
        position: Option<GlobalPosition>,
        told: &mut Told,
    ) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.settled > position).await
    }

    /// Waits until the log is settled beyond a position, or a refresh is done.
    pub(super) async fn moved(
        &self,
        position: Option<GlobalPosition>,
        number: u64,
        told: &mut Told,
    ) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.settled > position || head.is_refreshed(number)).await
    }

    async fn wait_for(&self, told: &mut Told, mut done: impl FnMut(&Head) -> bool) -> Result<Head, StoreError> {
        let mut head = self.head.clone();
        let head =
            head.wait_for(|head| head.refusal(told.0).is_some() || done(head)).await.map_err(|_| ended())?.clone();
        match head.refusal(told.0) {
            Some(error) => {
                let error = error.clone();
                told.0 = head.troubles;
                Err(error)
            }
            None => Ok(head),
        }
    }
}

impl<B: Backend> Drop for Tailer<B> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The task has ended, with its runtime or because its log has another history; whoever still listens starts another one.
fn ended() -> StoreError {
    StoreError::Unavailable {
        source: Arc::new(std::io::Error::other("the log is no longer followed, and will be anew")),
    }
}
