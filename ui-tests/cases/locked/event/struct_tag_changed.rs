// case: The section is named, so the tag is compared with it.
// --- before ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(tag = "account.opened", lock = "account")]
pub struct Opened {
    owner: String,
}

// --- after ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(tag = "account.created", lock = "account")]
pub struct Opened {
    owner: String,
}
