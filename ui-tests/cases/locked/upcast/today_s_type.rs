// case: The old version is read as the new one.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Deposited { cents: i64 },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = Deposited))]
    Deposited(Deposited),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Deposited {
    amount: i64,
    currency: String,
}
