// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kind: Kind },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum Kind {
    Private,
    #[serde(other)]
    Unknown,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kind: Kind },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum Kind {
    Private,
    Unknown,
}
