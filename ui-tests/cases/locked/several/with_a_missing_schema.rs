// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed { reason: String },
}

// --- after ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: u32 },
    Closed { reason: Reason },
}

#[derive(Serialize, Deserialize)]
pub struct Reason(String);
