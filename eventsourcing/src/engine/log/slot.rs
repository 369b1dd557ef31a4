//! The one tailer of a store, for as long as somebody uses it and a little longer.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::time::sleep;

use super::{source::Source, tailer::Tailer};
use crate::port::Backend;

/// A tailer that nobody has used for this long lets its connection go; it may take twice as long.
const LINGER: Duration = Duration::from_secs(3);

/// The place of a store for its one tailer. It keeps it for a while when nobody uses it, so that the next one who does
/// needs no new connection.
#[derive(Debug)]
pub(crate) struct Slot<B: Backend> {
    source: Source<B>,
    current: Mutex<Current<B>>,
}

#[derive(Debug)]
struct Current<B: Backend> {
    tailer: Option<Arc<Tailer<B>>>,
    /// How often it has been given to somebody.
    given: u64,
}

impl<B: Backend> Slot<B> {
    pub(crate) fn new(source: Source<B>) -> Self {
        Self { source, current: Mutex::new(Current { tailer: None, given: 0 }) }
    }

    /// The running tailer of the store, or a new one.
    pub(crate) fn tailer(self: &Arc<Self>) -> Arc<Tailer<B>> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.given += 1;
        if let Some(running) = current.tailer.as_ref().filter(|tailer| tailer.is_running()) {
            return Arc::clone(running);
        }
        let tailer = Tailer::start(&self.source, until_unused(Arc::downgrade(self)));
        current.tailer = Some(Arc::clone(&tailer));
        tailer
    }

    /// Lets go of a tailer that nobody uses, and nobody has been given since `given` was noted.
    fn let_go_if_unused(&self, given: &mut Option<u64>) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let is_used = current.tailer.as_ref().is_some_and(|tailer| Arc::strong_count(tailer) > 1);
        if !is_used && *given == Some(current.given) {
            current.tailer = None;
            return true;
        }
        *given = (!is_used).then_some(current.given);
        false
    }
}

/// Completes when nobody has used the tailer for a while, and the store keeps it no more.
async fn until_unused<B: Backend>(slot: Weak<Slot<B>>) {
    let mut given = None;
    loop {
        sleep(LINGER).await;
        if slot.upgrade().is_some_and(|slot| slot.let_go_if_unused(&mut given)) {
            return;
        }
    }
}
