// edit: make a type generic
// verdict: same
// why: what counts is the type that it stands for
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
        amount: Money<i64>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Money<N> {
    cents: N,
}
