// edit: add an alias beside the flattened map of an internally tagged variant
// verdict: breaking
// why: the map of a stored event may hold that key
// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened(Kind),
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum Kind {
    Private {
        owner: String,
        #[serde(flatten)]
        extra: BTreeMap<String, String>,
    },
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened(Kind),
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum Kind {
    Private {
        #[serde(alias = "holder")]
        owner: String,
        #[serde(flatten)]
        extra: BTreeMap<String, String>,
    },
}
