// edit: an instant to a time with its offset
// verdict: additive
// why: an instant is stored with an offset too
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
use chrono::{DateTime, FixedOffset};

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: DateTime<FixedOffset>,
    },
}
