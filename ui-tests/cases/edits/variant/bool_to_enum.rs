// edit: a `bool` to an enum
// verdict: breaking
// why: what is stored is `true` or `false`
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        business: bool,
    },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        business: Kind,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private,
    Business,
}
