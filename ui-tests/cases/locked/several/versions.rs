// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Deposited { cents: i64 },
    Withdrawn { cents: i64 },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2)]
    Deposited { amount: String },
    #[event(version = 2)]
    Withdrawn { amount: String },
}
