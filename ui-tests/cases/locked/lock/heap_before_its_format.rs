// case: A lock that is older than the format of heaps, which says what to write in it.
// --- lock ---
// events.lock 1
//
// [account]
//
// account.opened 1
//     queues: map from string to list of u32
//     value: list of u32
// --- after ---
use std::collections::{BTreeMap, BinaryHeap};

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        queues: BTreeMap<String, BinaryHeap<u32>>,
        value: BinaryHeap<u32>,
    },
}
