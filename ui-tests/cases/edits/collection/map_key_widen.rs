// edit: widen the keys of a map
// verdict: additive
// why: the larger type holds every value of the smaller
// --- before ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeMap<u8, u32>,
    },
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeMap<u16, u32>,
    },
}
