// edit: a map in order of insertion to any JSON
// verdict: breaking
// why: a JSON value in memory sorts its keys, unless a feature of `serde_json` is on
// --- before ---
use indexmap::IndexMap;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: IndexMap<String, u32>,
    },
}

// --- after ---
use serde_json::Value;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Value,
    },
}
