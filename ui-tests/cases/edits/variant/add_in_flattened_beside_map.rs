// edit: add a variant to a flattened enum, beside a flattened map
// verdict: breaking
// why: the map of a stored event may hold that key, and would lose it
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
    #[serde(flatten)]
    data: Option<Data>,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Data {
    Text(String),
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
    #[serde(flatten)]
    data: Option<Data>,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Data {
    Text(String),
    Base64(String),
}
