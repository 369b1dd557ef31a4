// edit: one kind of map to another
// verdict: same
// why: both are stored as objects
// --- before ---
use std::collections::HashMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: HashMap<String, u32>,
    },
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeMap<String, u32>,
    },
}
