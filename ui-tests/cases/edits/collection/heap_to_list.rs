// edit: a heap to a list
// verdict: additive
// why: a list keeps any order
// --- before ---
use std::collections::BinaryHeap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BinaryHeap<u32>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<u32>,
    },
}
