// edit: stop writing a variant that is still read
// verdict: same
// why: it is read where it is stored; to write one is an error of `append`
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened(Opened),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Opened {
    kind: Kind,
}

#[derive(Serialize, Deserialize, Schema)]
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
    Opened(Opened),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Opened {
    kind: Kind,
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private,
    #[serde(skip_serializing)]
    Business,
}
