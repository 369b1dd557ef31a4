// edit: an instant of `chrono` to one of `jiff`
// verdict: breaking
// why: `jiff` ends with the year 9999, a day before `9999-12-31`, and has no leap seconds
// --- before ---
use chrono::{DateTime, Utc};

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: DateTime<Utc>,
    },
}

// --- after ---
use jiff::Timestamp;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Timestamp,
    },
}
