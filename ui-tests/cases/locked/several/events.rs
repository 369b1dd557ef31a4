// case: The event in between is in order.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Deposited { cents: i64 },
    Closed { reason: String },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: u32 },
    Deposited { cents: i64 },
    Closed { because: String },
}
