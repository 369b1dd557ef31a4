// edit: a struct around a value
// verdict: breaking
// why: a struct with a named field is stored as an object
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cents: i64,
    },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cents: Cents,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Cents {
    value: i64,
}
