// edit: add an `Option` to a variant
// verdict: additive
// why: where it is absent, `None` is read
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
pub enum Kind {
    Business { name: String },
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
    Business { name: String, vat: Option<String> },
}
