//! What a subscription has read and not handed out.

use std::{collections::VecDeque, sync::Arc};

use crate::port::Stored;

/// Events that wait to be handed out, in order.
#[derive(Debug)]
pub(super) enum Buffer<P> {
    /// From the database, for this subscription alone.
    Own(VecDeque<Stored<P>>),
    /// From memory, where all subscriptions of the store read the same ones.
    Shared(VecDeque<Arc<Stored<P>>>),
}

impl<P> Buffer<P> {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Own(events) => events.is_empty(),
            Self::Shared(events) => events.is_empty(),
        }
    }

    pub(super) fn last(&self) -> Option<&Stored<P>> {
        match self {
            Self::Own(events) => events.back(),
            Self::Shared(events) => events.back().map(|last| &**last),
        }
    }
}

impl<P: Clone> Buffer<P> {
    /// The next event. A shared one is cloned here, which counts references to its parts and copies none of them.
    pub(super) fn pop(&mut self) -> Option<Stored<P>> {
        match self {
            Self::Own(events) => events.pop_front(),
            Self::Shared(events) => events.pop_front().map(Arc::unwrap_or_clone),
        }
    }
}

impl<P> Default for Buffer<P> {
    fn default() -> Self {
        Self::Own(VecDeque::new())
    }
}
