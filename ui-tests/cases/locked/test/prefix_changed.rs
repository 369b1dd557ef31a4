// case: The section of the old prefix is claimed by no type.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "accounts")]
pub enum AccountEvent {
    Opened { owner: String },
}
