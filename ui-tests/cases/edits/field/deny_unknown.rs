// edit: deny unknown fields
// verdict: additive
// why: the locked fields are all known. Other versions of the program may have written more, though: then reading
//   is an error
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
#[serde(deny_unknown_fields)]
pub struct Address {
    city: String,
}
