// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { limits: BTreeMap<Kind, u32> },
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
pub enum Kind {
    Private,
    Business,
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { limits: BTreeMap<Kind, u32> },
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
pub enum Kind {
    Private,
}
