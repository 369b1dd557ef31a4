// edit: a range without its end to one with it
// verdict: breaking
// why: both are stored alike, and mean other values
// --- before ---
use std::ops::Range;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Range<u32>,
    },
}

// --- after ---
use std::ops::RangeInclusive;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: RangeInclusive<u32>,
    },
}
