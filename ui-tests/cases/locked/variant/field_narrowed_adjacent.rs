// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kind: Kind },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind", content = "of")]
pub enum Kind {
    Private { age: u32 },
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
#[serde(tag = "kind", content = "of")]
pub enum Kind {
    Private { age: u8 },
}
