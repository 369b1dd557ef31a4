// edit: give an adjacently tagged variant an `Option`
// verdict: breaking
// why: no content is stored, which serde reads as an `Option` itself and not as a type around one; add a variant instead
// --- before ---
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
#[serde(tag = "type", content = "of")]
pub enum Kind {
    Private,
    Business,
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
#[serde(tag = "type", content = "of")]
pub enum Kind {
    Private,
    Business(Option<String>),
}
