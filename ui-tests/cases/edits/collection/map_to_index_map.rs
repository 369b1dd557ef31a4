// edit: a sorted map to one in order of insertion
// verdict: additive
// why: it keeps any order
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
use indexmap::IndexMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: IndexMap<String, u32>,
    },
}
