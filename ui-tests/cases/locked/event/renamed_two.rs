// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    MoneyDeposited { cents: i64 },
    MoneyWithdrawn { cents: i64 },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Deposited { cents: i64 },
    Withdrawn { cents: i64 },
}
