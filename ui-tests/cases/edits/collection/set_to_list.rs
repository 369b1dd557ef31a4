// edit: a set to a list
// verdict: additive
// why: a set is stored as a list
// --- before ---
use std::collections::HashSet;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: HashSet<String>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<String>,
    },
}
