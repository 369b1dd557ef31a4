//! The one task of a store that follows the end of the log, for all of its subscriptions.

use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
};

use super::ring::{Page, Ring};
use crate::{
    handle::Store,
    pages::PageSize,
    position::GlobalPosition,
    store::{Backend, StoreError, Tail},
};

/// What the task has published: up to where the log is settled, and what it has been asked to find out.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Up to here every event is in the ring or in the database, decided for good.
    pub(super) settled: Option<GlobalPosition>,
    /// The last position handed out by the log when it was last refreshed.
    pub(super) end: Option<GlobalPosition>,
    /// Whether the task has found out where to begin.
    ready: bool,
    /// The number of the newest refresh that is done.
    refreshed: u64,
    /// Why the task has ended.
    failed: Option<StoreError>,
}

impl Head {
    /// Whether this refresh is done.
    pub(super) fn is_refreshed(&self, number: u64) -> bool {
        self.refreshed >= number
    }
}

/// Follows the log while anybody holds it.
#[derive(Debug)]
pub(crate) struct Tailer<B: Backend> {
    shared: Arc<Shared<B>>,
    head: watch::Receiver<Head>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared<B: Backend> {
    ring: Mutex<Ring<B::Payload>>,
    /// The number of the newest refresh that somebody waits for.
    wanted: AtomicU64,
    /// Rung when the number grows, and by every append of the store.
    wake: Arc<Notify>,
}

impl<B: Backend> Tailer<B> {
    pub(crate) fn start(store: &Store<B>) -> Arc<Self> {
        let shared = Arc::new(Shared {
            ring: Mutex::new(Ring::new()),
            wanted: AtomicU64::new(0),
            wake: Arc::clone(store.grown()),
        });
        let (publish, head) = watch::channel(Head::default());
        let task = Task {
            backend: store.backend().clone(),
            poll_interval: store.poll_interval(),
            shared: Arc::downgrade(&shared),
            wake: Arc::clone(&shared.wake),
            publish,
        };
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
    pub(super) async fn ready(&self) -> Result<Head, StoreError> {
        self.wait_for(|head| head.ready).await
    }

    /// Asks for a head that has everything in it that was committed before this call; the number of the refresh.
    pub(super) fn request_refresh(&self) -> u64 {
        let number = self.shared.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        self.shared.wake.notify_one();
        number
    }

    /// The head after a refresh.
    pub(super) async fn refreshed(&self, number: u64) -> Result<Head, StoreError> {
        self.wait_for(|head| head.is_refreshed(number)).await
    }

    /// Waits until the log is settled beyond a position.
    pub(super) async fn settled_beyond(&self, position: Option<GlobalPosition>) -> Result<Head, StoreError> {
        self.wait_for(|head| head.settled > position).await
    }

    /// Waits until the log is settled beyond a position, or a refresh is done.
    pub(super) async fn moved(&self, position: Option<GlobalPosition>, number: u64) -> Result<Head, StoreError> {
        self.wait_for(|head| head.settled > position || head.is_refreshed(number)).await
    }

    async fn wait_for(&self, mut ready: impl FnMut(&Head) -> bool) -> Result<Head, StoreError> {
        let mut head = self.head.clone();
        let head = head.wait_for(|head| head.failed.is_some() || ready(head)).await.map_err(|_| ended())?.clone();
        head.failed.clone().map_or(Ok(head), Err)
    }
}

impl<B: Backend> Drop for Tailer<B> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The task's runtime was shut down; whoever still listens starts another one.
fn ended() -> StoreError {
    StoreError::Unavailable {
        source: Arc::new(std::io::Error::other("the runtime of the subscriptions was shut down")),
    }
}

struct Task<B: Backend> {
    backend: B,
    poll_interval: Duration,
    shared: Weak<Shared<B>>,
    wake: Arc<Notify>,
    publish: watch::Sender<Head>,
}

impl<B: Backend> Task<B> {
    /// How long to wait before connecting again: from this, doubling, to the other.
    const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

    async fn run(self) {
        let mut pause = Self::PAUSE.0;
        loop {
            let before = self.publish.borrow().settled;
            match self.follow().await {
                Ok(()) => return,
                Err(error @ (StoreError::Unavailable { .. } | StoreError::Serialization { .. })) => {
                    tracing::info!(%error, "the connection to the end of the log was lost and is opened again");
                }
                Err(error) => {
                    self.publish.send_modify(|head| head.failed = Some(error));
                    return;
                }
            }
            if self.publish.borrow().settled > before {
                pause = Self::PAUSE.0;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Self::PAUSE.1);
        }
    }

    /// Follows the log over one connection; ends well only when nobody is left who wants to know.
    async fn follow(&self) -> Result<(), StoreError> {
        let mut tail = self.backend.tail().await?;
        self.resume(&mut tail).await?;
        let mut size = PageSize::default();
        loop {
            let Some(shared) = self.shared.upgrade() else { return Ok(()) };
            self.refresh(&mut tail, &shared, &mut size).await?;
            if !self.read(&mut tail, &shared, &mut size).await? {
                drop(shared);
                self.idle(&mut tail).await;
            }
        }
    }

    /// Reads the next page, if there is one by now; whether there is another one already.
    async fn read(&self, tail: &mut B::Tail, shared: &Shared<B>, size: &mut PageSize) -> Result<bool, StoreError> {
        let after = self.publish.borrow().settled;
        let page = tail.read(after, size.events()).await?;
        size.adapt(page.events.len(), page.more);
        let Some(settled) = page.settled.filter(|_| page.settled > after) else { return Ok(false) };
        shared.ring.lock().unwrap_or_else(PoisonError::into_inner).push(after, settled, page.events);
        self.publish.send_modify(|head| head.settled = Some(settled));
        Ok(page.more)
    }

    /// Finds out where to begin. After a lost connection, what is in memory must still be in the log: a standby that was
    /// promoted, or a restored backup, may lack it.
    async fn resume(&self, tail: &mut B::Tail) -> Result<(), StoreError> {
        let known = self.publish.borrow().settled;
        match known {
            Some(checkpoint) if !Self::holds(tail, checkpoint).await? => {
                let end = tail.end().await?;
                return Err(StoreError::CheckpointAhead { checkpoint, end });
            }
            Some(_) => {}
            None => {
                let settled = tail.settle().await?;
                self.publish.send_modify(|head| head.settled = settled);
            }
        }
        self.publish.send_modify(|head| head.ready = true);
        Ok(())
    }

    /// Whether the log has an event at this position.
    async fn holds(tail: &mut B::Tail, position: GlobalPosition) -> Result<bool, StoreError> {
        let page = tail.read(GlobalPosition::new(position.get() - 1), 1).await?;
        Ok(page.events.first().is_some_and(|event| event.position() == position))
    }

    /// Reads what has been committed by now, for those who have asked since the last time. Waits for a writer only where
    /// an event behind it is there already.
    async fn refresh(&self, tail: &mut B::Tail, shared: &Shared<B>, size: &mut PageSize) -> Result<(), StoreError> {
        let wanted = shared.wanted.load(Ordering::SeqCst);
        if self.publish.borrow().is_refreshed(wanted) {
            return Ok(());
        }
        let end = tail.end().await?;
        while self.publish.borrow().settled < end {
            if !self.read(tail, shared, size).await? {
                break;
            }
        }
        self.publish.send_modify(|head| {
            head.end = end;
            head.refreshed = wanted;
        });
        Ok(())
    }

    /// Waits until there may be something new.
    async fn idle(&self, tail: &mut B::Tail) {
        tokio::select! {
            () = self.wake.notified() => {}
            () = tail.announced() => {}
            () = tokio::time::sleep(self.poll_interval) => {}
        }
    }
}
