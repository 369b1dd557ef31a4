//! What the task that follows the log and those who hold its tailer share.

use std::sync::{Arc, Mutex, atomic::AtomicU64};

use tokio::sync::Notify;

use super::ring::Ring;
use crate::{
    port::{Mark, Reads, StoreError, Timeline},
    vocabulary::{EventId, GlobalPosition},
};

/// What the task has published: up to where the log is settled, and what it has been asked to find out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// Up to here every event is in the ring or in the database, decided for good.
    pub(crate) settled: Option<GlobalPosition>,
    /// The event that stands there.
    pub(crate) event_id: Option<EventId>,
    /// The last position handed out by the log when it was last refreshed.
    pub(crate) end: Option<GlobalPosition>,
    pub(crate) timeline: Option<Timeline>,
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
    pub(crate) fn is_refreshed(&self, number: u64) -> bool {
        self.refreshed >= number
    }

    /// The event up to which the log is settled.
    pub(super) fn mark(&self) -> Option<Mark> {
        self.settled.zip(self.event_id).map(|(position, event_id)| Mark { position, event_id })
    }

    /// Why there is nothing to wait for, unless it has been told before.
    pub(super) fn refusal(&self, told: u64) -> Option<&StoreError> {
        self.failed.as_ref().or(self.trouble.as_ref().filter(|_| self.troubles > told))
    }
}

/// Which of the task's troubles somebody has been told: each is told once, so that whoever asks again waits.
#[derive(Debug, Default)]
pub(crate) struct Told(pub(super) u64);

/// What the handles and the task share.
#[derive(Debug)]
pub(super) struct Shared<B: Reads> {
    pub(super) ring: Mutex<Ring<B::Payload>>,
    /// The number of the newest refresh that somebody waits for.
    pub(super) wanted: AtomicU64,
    /// Notified when the number grows, and by every append of the store.
    pub(super) wake: Arc<Notify>,
}
