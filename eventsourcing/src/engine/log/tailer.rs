//! What subscriptions see of the one task of their store that follows the end of the log.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::{sync::watch, task::JoinHandle};

use super::{
    follow::Follow,
    head::{Head, Shared, Told},
    ring::{Page, Ring},
    source::Source,
};
use crate::{
    port::{Backend, StoreError},
    vocabulary::GlobalPosition,
};

/// Follows the log for whoever holds it.
#[derive(Debug)]
pub(crate) struct Tailer<B: Backend> {
    shared: Arc<Shared<B>>,
    head: watch::Receiver<Head>,
    task: JoinHandle<()>,
}

impl<B: Backend> Tailer<B> {
    /// Follows the log until it cannot, or `unused` completes.
    pub(super) fn start(source: &Source<B>, unused: impl Future<Output = ()> + Send + 'static) -> Arc<Self> {
        let shared = Arc::new(Shared {
            ring: Mutex::new(Ring::new()),
            wanted: AtomicU64::new(0),
            wake: Arc::clone(&source.appended),
        });
        let (publish, head) = watch::channel(Head::default());
        let follow = Follow::new(source, &shared, publish);
        let task = async move {
            tokio::select! {
                () = follow.run() => {}
                () = unused => {}
            }
        };
        Arc::new(Self { shared, head, task: tokio::spawn(task) })
    }

    pub(crate) fn is_running(&self) -> bool {
        !self.task.is_finished() && self.head.borrow().failed.is_none()
    }

    pub(crate) fn head(&self) -> Head {
        self.head.borrow().clone()
    }

    pub(crate) fn page_after(&self, position: Option<GlobalPosition>) -> Option<Arc<Page<B::Payload>>> {
        self.shared.ring.lock().unwrap_or_else(PoisonError::into_inner).page_after(position)
    }

    /// The head as it is, once there is one.
    pub(crate) async fn ready(&self, told: &mut Told) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.ready).await
    }

    /// Asks for a head that has everything in it that was committed before this call; the number of the refresh.
    pub(crate) fn request_refresh(&self) -> u64 {
        let number = self.shared.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        self.shared.wake.notify_one();
        number
    }

    /// The head after a refresh.
    pub(crate) async fn refreshed(&self, number: u64, told: &mut Told) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.is_refreshed(number)).await
    }

    /// Waits until the log is settled beyond a position.
    pub(crate) async fn settled_beyond(
        &self,
        position: Option<GlobalPosition>,
        told: &mut Told,
    ) -> Result<Head, StoreError> {
        self.wait_for(told, |head| head.settled > position).await
    }

    /// Waits until the log is settled beyond a position, or a refresh is done.
    pub(crate) async fn moved(
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
