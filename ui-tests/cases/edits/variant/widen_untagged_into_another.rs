// edit: widen an untagged variant over a later one
// verdict: breaking
// why: `300` is stored as `Large`, and would be read as `Small`
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
    Small(u8),
    Large(u64),
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
    Small(u32),
    Large(u64),
}
