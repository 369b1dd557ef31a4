// edit: spell out once what contains itself
// verdict: additive
// why: the same payloads, whichever type reads which part
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        chain: Chain,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Chain {
    owner: String,
    next: Option<Box<Chain>>,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        chain: Chain,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Chain {
    owner: String,
    next: Option<Link>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Link {
    owner: String,
    next: Option<Box<Link>>,
}
