// case: An event may have a history from before the lock.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Closed,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Closed,
    #[event(version = 2, upcast(1 = DepositedV1))]
    Deposited {
        amount: i64,
        currency: String,
    },
}

#[derive(Deserialize, Schema)]
pub struct DepositedV1 {
    cents: i64,
}

impl From<DepositedV1> for AccountEvent {
    fn from(old: DepositedV1) -> Self {
        Self::Deposited { amount: old.cents, currency: String::new() }
    }
}
