// edit: move a type to another module
// verdict: same
// why: where a type stands is not stored
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
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        amount: money::Money,
    },
}

mod money {
    use eventsourcing::Schema;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, Schema)]
    pub struct Money {
        cents: i64,
    }
}
