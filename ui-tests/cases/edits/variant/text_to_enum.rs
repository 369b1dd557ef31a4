// edit: text to an enum
// verdict: breaking
// why: stored text may be none of the names
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        kind: String,
    },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        kind: Kind,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private,
    Business,
}
