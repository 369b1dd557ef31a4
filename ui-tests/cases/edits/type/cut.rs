// edit: no longer look into a type (`recursive`)
// verdict: breaking
// why: the compiler would not compare what is behind it any more
// --- before ---
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

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[schema(recursive)]
        amount: Box<Money>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Money {
    cents: i64,
}
