// edit: read unknown variants as one of them
// verdict: additive
// why: all that was read is read, and more
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
#[serde(tag = "kind")]
pub enum Kind {
    Private { age: u8 },
    Unknown,
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
#[serde(tag = "kind")]
pub enum Kind {
    Private { age: u8 },
    #[serde(other)]
    Unknown,
}
