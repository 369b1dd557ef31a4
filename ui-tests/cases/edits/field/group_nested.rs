// edit: group fields into a struct
// verdict: breaking
// why: what is stored has them one level up
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        street: String,
        city: String,
    },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        address: Address,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Address {
    street: String,
    city: String,
}
