// edit: allow unknown fields
// verdict: additive
// why: all that was read is read
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        address: Address,
    },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    city: String,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        address: Address,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Address {
    city: String,
}
