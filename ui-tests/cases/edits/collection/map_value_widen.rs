// edit: widen the values of a map
// verdict: additive
// why: the larger type holds every value of the smaller
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
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeMap<String, u64>,
    },
}
