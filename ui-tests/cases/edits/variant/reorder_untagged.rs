// edit: reorder untagged variants
// verdict: breaking
// why: the first variant that fits is read
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
#[serde(untagged)]
pub enum Kind {
    Private { age: u8 },
    Business { name: String },
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
#[serde(untagged)]
pub enum Kind {
    Business { name: String },
    Private { age: u8 },
}
