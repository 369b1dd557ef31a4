// edit: stop reading unknown variants
// verdict: additive
// why: each name that the locked code wrote is read. Names that a newer binary wrote are an error again
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
