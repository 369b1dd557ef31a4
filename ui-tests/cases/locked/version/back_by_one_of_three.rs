// --- before ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 3, upcast(1 = DepositedV1, 2 = DepositedV2))]
    Deposited { amount: String },
}

#[derive(Deserialize, Schema)]
pub struct DepositedV1 {
    cents: i64,
}

impl From<DepositedV1> for DepositedV2 {
    fn from(old: DepositedV1) -> Self {
        Self { amount: old.cents, currency: String::new() }
    }
}

#[derive(Deserialize, Schema)]
pub struct DepositedV2 {
    amount: i64,
    currency: String,
}

impl From<DepositedV2> for AccountEvent {
    fn from(old: DepositedV2) -> Self {
        Self::Deposited { amount: old.amount.to_string() + &old.currency }
    }
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
    cents: i64,
}

impl From<DepositedV1> for AccountEvent {
    fn from(old: DepositedV1) -> Self {
        Self::Deposited { amount: old.cents, currency: String::new() }
    }
}
