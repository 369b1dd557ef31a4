// edit: add a variant, adjacently tagged
// verdict: additive
// why: what is stored has one of the other tags
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
#[serde(tag = "kind", content = "of")]
pub enum Kind {
    Private { age: u8 },
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
#[serde(tag = "kind", content = "of")]
pub enum Kind {
    Private { age: u8 },
    Business { name: String },
}
