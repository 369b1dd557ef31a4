// case: A field, an event, an old version, and another type.
// --- before ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
    },
    Frozen,
    #[event(version = 2, upcast(1 = DepositedV1))]
    Deposited {
        amount: i64,
    },
}

#[derive(Deserialize, Schema)]
pub struct DepositedV1 {
    cents: i64,
}

impl From<DepositedV1> for AccountEvent {
    fn from(old: DepositedV1) -> Self {
        Self::Deposited { amount: old.cents }
    }
}

#[derive(Event)]
#[event(prefix = "order")]
pub enum OrderEvent {
    Placed { sku: String, count: u32 },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: u32,
    },
    #[event(version = 2, upcast(1 = DepositedV1))]
    Deposited {
        amount: i32,
    },
}

#[derive(Deserialize, Schema)]
pub struct DepositedV1 {
    cents: u8,
}

impl From<DepositedV1> for AccountEvent {
    fn from(old: DepositedV1) -> Self {
        Self::Deposited { amount: old.cents.into() }
    }
}

#[derive(Event)]
#[event(prefix = "order")]
pub enum OrderEvent {
    Placed { sku: String, count: bool },
}
