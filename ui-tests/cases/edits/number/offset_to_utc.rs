// edit: a time with its offset to an instant
// verdict: breaking
// why: the stored offsets would be lost
// --- before ---
use chrono::{DateTime, FixedOffset};

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: DateTime<FixedOffset>,
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
