// edit: a map to a list of pairs
// verdict: breaking
// why: a map is stored as an object
// --- before ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeMap<String, u32>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<(String, u32)>,
    },
}
