// edit: a struct to a map
// verdict: breaking
// why: the names of fields would become data; a new version says it clearly
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        limits: Limits,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Limits {
    per_day: u32,
    per_week: u32,
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        limits: BTreeMap<String, u32>,
    },
}
