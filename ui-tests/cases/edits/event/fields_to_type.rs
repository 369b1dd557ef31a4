// edit: the fields of an event in a type of its own
// verdict: same
// why: both are stored as the same object
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened(Opened),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Opened {
    owner: String,
}
