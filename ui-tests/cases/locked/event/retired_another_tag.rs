// case: A letter is missing.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed,
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.close", versions = 1..=1))]
pub enum AccountEvent {
    Opened { owner: String },
}
