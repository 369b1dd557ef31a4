//! Floor 3b: the events of all streams, or of one category, typed. Knows no adapter.

use std::{fmt, marker::PhantomData};

use crate::{
    events::Events,
    handle::Store,
    position::{After, GlobalPosition},
    schema::Event,
    store::{Backend, Filter},
    stream_id::Category,
    subscription::{Subscription, SubscriptionError},
};

/// The events of type `E` of all streams, or of one category, in global order. The database sorts out the others, by
/// their tags. A cheap handle.
pub struct All<E, B: Backend> {
    store: Store<B>,
    filter: Filter,
    event: PhantomData<fn() -> E>,
}

impl<E: Event, B: Backend> All<E, B> {
    pub(crate) fn new(store: Store<B>, category: Option<Category>) -> Self {
        let filter = Filter { category, tags: Some(E::TYPES.tags().into()) };
        Self { store, filter, event: PhantomData }
    }

    /// The events, the oldest first; see [`Events`] for from where, how many, and the other direction.
    ///
    /// Forwards it reads every event that was committed before the call, and waits for the transactions that are writing
    /// events at that moment; so a reader that resumes after its last position misses nothing. Backwards it reads what
    /// is committed, and is no way to resume.
    pub fn read(&self) -> Events<'static, E, B, GlobalPosition> {
        Events::of_log(self.store.clone(), self.filter.clone())
    }

    /// The events after a position, then new ones as they are committed: none is missed and none comes twice.
    ///
    /// A dropped future leaves nothing behind.
    pub async fn subscribe(&self, after: After<GlobalPosition>) -> Result<Subscription<E, B>, SubscriptionError> {
        Subscription::of_log(self.store.clone(), self.filter.clone(), after).await
    }
}

impl<E, B: Backend> Clone for All<E, B> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), filter: self.filter.clone(), event: self.event }
    }
}

impl<E, B: Backend> fmt::Debug for All<E, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("All").field("filter", &self.filter).finish_non_exhaustive()
    }
}
