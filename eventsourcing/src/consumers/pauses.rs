//! How long a projector waits.

use std::time::Duration;

use crate::backoff::Backoff;

/// How long to wait before going on, by the reason for it.
pub(super) struct Pauses {
    pub(super) fault: Backoff,
    /// Between two looks at whether it is this instance's turn.
    pub(super) turn: Backoff,
    /// For a release that takes more events to go.
    pub(super) older: Backoff,
}

impl Pauses {
    pub(super) fn new() -> Self {
        Self {
            fault: Backoff::for_database(),
            turn: Backoff::new(Duration::from_millis(20), Duration::from_secs(1)),
            older: Backoff::new(Duration::from_millis(200), Duration::from_secs(10)),
        }
    }

    /// It is healthy.
    pub(super) fn reset(&mut self) {
        let Self { fault, turn, older } = self;
        [fault, turn, older].into_iter().for_each(Backoff::reset);
    }
}
