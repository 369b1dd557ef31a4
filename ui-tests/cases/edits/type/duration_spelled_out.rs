// edit: a `Duration` to a struct of its parts
// verdict: additive
// why: it has all values of a `Duration`
// --- before ---
use std::time::Duration;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Duration,
    },
}

// --- after ---
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
