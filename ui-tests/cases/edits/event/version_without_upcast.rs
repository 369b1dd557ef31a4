// edit: a new version without a step from the old one
// verdict: breaking
// why: what is stored as version 1 could not be read
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Deposited { cents: i64 },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2)]
    Deposited { amount: String },
}
