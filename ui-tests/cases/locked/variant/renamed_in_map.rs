// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kinds: BTreeMap<String, Vec<Kind>> },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private { age: u8 },
    Business { name: String },
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kinds: BTreeMap<String, Vec<Kind>> },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private { age: u8 },
    Company { name: String },
}
