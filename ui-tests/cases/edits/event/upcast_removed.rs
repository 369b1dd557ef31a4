// edit: remove the step from an old version
// verdict: breaking
// why: what is stored as version 1 could not be read
// --- before ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = DepositedV1))]
    Deposited { amount: String },
}

#[derive(Deserialize, Schema)]
pub struct DepositedV1 {
    cents: i64,
}

impl From<DepositedV1> for AccountEvent {
    fn from(old: DepositedV1) -> Self {
        Self::Deposited { amount: old.cents.to_string() }
    }
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2)]
    Deposited { amount: String },
}
