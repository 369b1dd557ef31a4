// edit: text keys of a map to numbers
// verdict: breaking
// why: stored keys may be no numbers
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
        value: BTreeMap<u32, u32>,
    },
}
