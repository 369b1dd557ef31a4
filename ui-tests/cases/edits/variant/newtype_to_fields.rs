// edit: the content of a variant in place of its type
// verdict: same
// why: both are stored as the same object
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        kind: Kind,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Business(Business),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Business {
    name: String,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        kind: Kind,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Business { name: String },
}
