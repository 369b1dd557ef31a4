// edit: rename a type
// verdict: same
// why: the names of types are not stored
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        amount: Money,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Money {
    cents: i64,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        amount: Amount,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Amount {
    cents: i64,
}
