// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kind: Kind },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private { age: u8 },
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
pub struct Kind {
    age: u8,
}
