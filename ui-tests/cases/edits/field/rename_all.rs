// edit: change the case of the names of a nested struct
// verdict: breaking
// why: what is stored has the old names
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
pub struct Address {
    post_code: String,
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
#[serde(rename_all = "camelCase")]
pub struct Address {
    post_code: String,
}
