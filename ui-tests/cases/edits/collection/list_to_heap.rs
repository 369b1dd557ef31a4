// edit: a list to a heap
// verdict: breaking
// why: a heap has an order of its own, so that of stored lists would be lost
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<u32>,
    },
}

// --- after ---
use std::collections::BinaryHeap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BinaryHeap<u32>,
    },
}
