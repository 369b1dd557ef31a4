// edit: add an alias beside a flattened map
// verdict: breaking
// why: the map of a stored event may hold that key
// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened(Opened),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Opened {
    owner: String,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened(Opened),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Opened {
    #[serde(alias = "holder")]
    owner: String,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}
