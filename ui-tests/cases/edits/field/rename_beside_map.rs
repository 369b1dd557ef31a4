// edit: rename a field beside a flattened map, keep the old name as an alias
// verdict: breaking
// why: the map of a stored event may hold the new name. Rename it in Rust only
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
    #[serde(alias = "owner")]
    holder: String,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}
