// edit: a nonzero integer to an integer
// verdict: additive
// why: all that was read is read
// --- before ---
use std::num::NonZeroU32;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: NonZeroU32,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: u32,
    },
}
