// edit: a newtype around a value
// verdict: same
// why: serde writes a newtype as what is inside
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
pub struct Cents(i64);
