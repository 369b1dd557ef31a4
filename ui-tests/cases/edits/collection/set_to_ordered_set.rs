// edit: one kind of set to another
// verdict: same
// why: both are stored as lists without duplicates
// --- before ---
use std::collections::HashSet;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: HashSet<String>,
    },
}

// --- after ---
use std::collections::BTreeSet;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: BTreeSet<String>,
    },
}
