// edit: a map in order of insertion to a sorted one
// verdict: breaking
// why: the stored order would be lost
// --- before ---
use indexmap::IndexMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: IndexMap<String, u32>,
    },
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeMap<String, u32>,
    },
}
