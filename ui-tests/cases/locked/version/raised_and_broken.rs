// case: The new version is in order; the locked one is read as something else.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Deposited { cents: i64 },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = DepositedV1))]
    Deposited { amount: i64, currency: String },
}

#[derive(Deserialize, Schema)]
pub struct DepositedV1 {
    pence: i64,
}

impl From<DepositedV1> for AccountEvent {
    fn from(old: DepositedV1) -> Self {
        Self::Deposited { amount: old.pence, currency: String::new() }
    }
}
