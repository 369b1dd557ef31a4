// edit: stop reading unknown variants
// verdict: breaking
// why: names that are not known may be stored
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
    #[serde(other)]
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
    Unknown,
}
