//! Wake-ups for other processes: notifications sent beside the appends, never inside them, because commits that notify
//! wait for each other instance-wide. They are hints; polling is the truth.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::time::timeout;

use super::{adapter::Postgres, channel::Channel};
use crate::port::Via;

/// At most one notification goes out in this time, however many appends there are.
const DEBOUNCE: Duration = Duration::from_millis(10);
/// A hint that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a notification soon. Outside of a runtime nothing is sent, and readers find the events by polling.
pub(super) fn announce(store: &Postgres) {
    let channel = &store.channel;
    channel.is_due.store(true, Ordering::SeqCst);
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    if !channel.is_running.swap(true, Ordering::SeqCst) {
        let running = Running(Arc::clone(channel));
        let store = store.clone();
        runtime.spawn(async move {
            run(&store).await;
            drop(running);
            // Who became due after the last look saw a running task, and started none.
            if store.channel.is_due.load(Ordering::SeqCst) {
                announce(&store);
            }
        });
    }
}

async fn run(store: &Postgres) {
    let channel = &store.channel;
    while channel.is_due.swap(false, Ordering::SeqCst) {
        let notify = store.sql.notify.query().bind(channel.name.clone()).bind(channel.sender.clone());
        let sent = timeout(PATIENCE, store.execute(Via::Store, notify)).await;
        if !matches!(sent, Ok(Ok(_))) {
            tracing::debug!(?sent, "the wake-up for other processes was not sent; they find the events by polling");
        }
        tokio::time::sleep(DEBOUNCE).await;
    }
}

/// Lets the next announcement start a new task, also when this one ends with its runtime.
struct Running(Arc<Channel>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.is_running.store(false, Ordering::SeqCst);
    }
}
