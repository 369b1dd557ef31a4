// edit: rename the key of the content
// verdict: breaking
// why: what is stored has the old key
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
#[serde(tag = "kind", content = "data")]
pub enum Kind {
    Private { age: u8 },
}
