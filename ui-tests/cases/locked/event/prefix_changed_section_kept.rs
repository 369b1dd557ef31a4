// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", lock = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed,
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "accounts", lock = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed,
}
