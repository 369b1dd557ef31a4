//! Counts how often a tail has waited at a gap, by what the tail traces.

use std::{
    fmt,
    sync::{
        Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::set_global_default,
};

static FENCES: AtomicUsize = AtomicUsize::new(0);

/// The fences since this was made, of all tails in this process.
#[derive(Debug)]
pub(crate) struct Fences {
    before: usize,
}

/// Begins to count.
pub(crate) fn count() -> Fences {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| set_global_default(Ears).expect("nobody else in these tests listens to traces"));
    Fences { before: FENCES.load(Ordering::SeqCst) }
}

impl Fences {
    pub(crate) fn get(&self) -> usize {
        FENCES.load(Ordering::SeqCst) - self.before
    }
}

struct Ears;

impl Subscriber for Ears {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target() == "eventsourcing::postgres::tail"
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Message;

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" && format!("{value:?}") == "fence" {
            FENCES.fetch_add(1, Ordering::SeqCst);
        }
    }
}
