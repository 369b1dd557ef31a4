// case: Both versions are locked.
// --- before ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
    },
    #[event(version = 2, upcast(1 = ClosedV1))]
    Closed {
        reason: String,
    },
}

#[derive(Deserialize, Schema)]
pub struct ClosedV1 {}

impl From<ClosedV1> for AccountEvent {
    fn from(_: ClosedV1) -> Self {
        Self::Closed { reason: String::new() }
    }
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.closed", versions = 1..=1))]
pub enum AccountEvent {
    Opened { owner: String },
}
