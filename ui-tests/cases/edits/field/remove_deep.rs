// edit: remove a field, four types down
// verdict: breaking
// why: an event is its whole tree of types
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        customer: Customer,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Customer {
    address: Address,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Address {
    place: Place,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Place {
    city: String,
    country: String,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        customer: Customer,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Customer {
    address: Address,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Address {
    place: Place,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Place {
    city: String,
}
