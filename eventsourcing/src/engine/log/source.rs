//! What the task that follows the log works with.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

/// What a tailer works with.
#[derive(Debug, Clone)]
pub(crate) struct Source<B> {
    pub(crate) backend: B,
    /// How often to look for events that nobody has announced.
    pub(crate) poll_interval: Duration,
    /// Notified by every append of this process's store.
    pub(crate) appended: Arc<Notify>,
}
