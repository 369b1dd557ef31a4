// edit: a default for a whole struct
// verdict: additive
// why: where a field is absent, the default is read
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
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        limits: Limits,
    },
}

#[derive(Default, Serialize, Deserialize, Schema)]
#[serde(default)]
pub struct Limits {
    per_day: u32,
}
