// edit: rename the type of an old version
// verdict: same
// why: the names of types are not stored
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
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = OldDeposited))]
    Deposited { amount: String },
}

#[derive(Deserialize, Schema)]
pub struct OldDeposited {
    cents: i64,
}

impl From<OldDeposited> for AccountEvent {
    fn from(old: OldDeposited) -> Self {
        Self::Deposited { amount: old.cents.to_string() }
    }
}
