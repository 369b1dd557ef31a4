// edit: a `Box` around a value
// verdict: same
// why: serde writes a box as what is inside
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
        amount: Box<Money>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Money {
    cents: i64,
}
