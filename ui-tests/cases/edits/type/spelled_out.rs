// edit: a nested type with the same fields under another name
// verdict: same
// why: the tree of fields is the same
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        from: Place,
        to: Place,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Place {
    city: String,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        from: Place,
        to: Target,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Place {
    city: String,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Target {
    city: String,
}
