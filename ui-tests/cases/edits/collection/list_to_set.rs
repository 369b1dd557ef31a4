// edit: a list to a set
// verdict: breaking
// why: stored lists may hold a value twice, and have an order
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<String>,
    },
}

// --- after ---
use std::collections::HashSet;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: HashSet<String>,
    },
}
