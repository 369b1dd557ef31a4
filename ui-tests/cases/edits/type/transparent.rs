// edit: a transparent struct around a value
// verdict: same
// why: serde writes it as what is inside
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
#[serde(transparent)]
pub struct Cents {
    value: i64,
}
