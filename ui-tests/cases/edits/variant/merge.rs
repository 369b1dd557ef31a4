// edit: let one variant read the name of another one, as an alias
// verdict: breaking
// why: stored events tell the two apart, and nothing that reads them could any more
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
    #[serde(alias = "Business")]
    Private,
}
