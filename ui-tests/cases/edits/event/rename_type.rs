// edit: rename the event type
// verdict: same
// why: the names of types are not stored
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
#[event(prefix = "account")]
pub enum BankAccountEvent {
    Opened { owner: String },
}
