// edit: an integer to a nonzero one
// verdict: breaking
// why: 0 may be stored
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: u32,
    },
}

// --- after ---
use std::num::NonZeroU32;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: NonZeroU32,
    },
}
