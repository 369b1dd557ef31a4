// edit: a struct to a `Duration` with the same fields
// verdict: breaking
// why: a billion nanoseconds and more would be read as seconds
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Elapsed,
    },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
pub struct Elapsed {
    secs: u64,
    nanos: u32,
}

// --- after ---
use std::time::Duration;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Duration,
    },
}
