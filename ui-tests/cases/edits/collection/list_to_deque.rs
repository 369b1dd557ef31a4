// edit: one kind of list to another
// verdict: same
// why: both are stored as lists
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
use std::collections::VecDeque;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: VecDeque<String>,
    },
}
