//! What a future logs.

use std::{
    fmt::{self, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    instrument::{WithDispatch, WithSubscriber},
    span,
};

/// The messages that a future has logged, with their levels.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logs(Arc<Mutex<Vec<(Level, String)>>>);

impl Logs {
    /// The future, with what it logs written down here.
    pub(crate) fn of<F: Future>(&self, future: F) -> WithDispatch<F> {
        future.with_subscriber(Ears(self.clone()))
    }

    /// What was logged with this level.
    pub(crate) fn at(&self, level: Level) -> Vec<String> {
        self.0.lock().unwrap().iter().filter(|(of, _)| *of == level).map(|(_, message)| message.clone()).collect()
    }
}

struct Ears(Logs);

impl Subscriber for Ears {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("eventsourcing::")
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0.0.lock().unwrap().push((*event.metadata().level(), text.0));
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}
