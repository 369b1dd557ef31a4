// edit: widen an untagged variant
// verdict: additive
// why: nothing that is stored of the variants after it is read as it
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        limit: Limit,
    },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum Limit {
    Euros(u32),
    Named(String),
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        limit: Limit,
    },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum Limit {
    Euros(u64),
    Named(String),
}
