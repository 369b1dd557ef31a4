// --- before ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(tag = "account.opened")]
pub struct Opened {
    owner: String,
    city: String,
}

// --- after ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(tag = "account.opened")]
pub struct Opened {
    owner: String,
}
