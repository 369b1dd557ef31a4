// --- before ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[schema(as = i64)]
        amount: Amount,
    },
}

#[derive(Serialize, Deserialize)]
pub struct Amount(i64);

// --- after ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[schema(as = i32)]
        amount: Amount,
    },
}

#[derive(Serialize, Deserialize)]
pub struct Amount(i64);
