//! What a tail traces: how often it has waited at a gap, and for whom it says that it waits.

use std::{
    fmt::{self, Write},
    sync::{
        Mutex, Once,
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

/// Whom tails have said that they wait for, as `field=value` after `field=value`.
static WAITS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The fences since this was made, of all tails in this process.
#[derive(Debug)]
pub(crate) struct Fences {
    before: usize,
}

fn listen() {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| set_global_default(Ears).expect("nobody else in these tests listens to traces"));
}

/// What tails have said so far about whom they wait for.
pub(crate) fn waits() -> Vec<String> {
    listen();
    WAITS.lock().unwrap().clone()
}

/// Begins to count.
pub(crate) fn count() -> Fences {
    listen();
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
        metadata.is_event() && metadata.target() == "eventsourcing::postgres::tail::fence"
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        if *event.metadata().level() == tracing::Level::WARN {
            WAITS.lock().unwrap().push(message.0);
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" && format!("{value:?}") == "fence" {
            FENCES.fetch_add(1, Ordering::SeqCst);
        }
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}
