// edit: a set in order of insertion to a sorted one
// verdict: breaking
// why: the stored order would be lost
// --- before ---
use indexmap::IndexSet;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: IndexSet<String>,
    },
}

// --- after ---
use std::collections::BTreeSet;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeSet<String>,
    },
}
