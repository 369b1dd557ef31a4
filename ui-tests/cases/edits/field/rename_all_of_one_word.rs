// edit: change the case of names that it leaves alone
// verdict: same
// why: `city` is `city` in camel case too
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
#[serde(rename_all = "camelCase")]
pub struct Address {
    city: String,
}
