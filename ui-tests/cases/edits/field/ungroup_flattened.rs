// edit: inline a flattened struct
// verdict: same
// why: the stored object is the same
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        #[serde(flatten)]
        address: Address,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Address {
    street: String,
    city: String,
}

// --- after ---
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
