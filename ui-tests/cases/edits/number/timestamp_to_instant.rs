// edit: an instant of `jiff` to one of `chrono`
// verdict: additive
// why: `chrono` has all of them
// --- before ---
use jiff::Timestamp;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Timestamp,
    },
}

// --- after ---
use chrono::{DateTime, Utc};

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: DateTime<Utc>,
    },
}
