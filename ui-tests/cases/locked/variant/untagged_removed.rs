// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kind: Kind },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum Kind {
    Number(u32),
    Name(String),
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
#[serde(untagged)]
pub enum Kind {
    Number(u32),
}
