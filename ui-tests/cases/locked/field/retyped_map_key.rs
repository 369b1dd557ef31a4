// --- before ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { limits: BTreeMap<String, u32> },
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { limits: BTreeMap<u32, u32> },
}
