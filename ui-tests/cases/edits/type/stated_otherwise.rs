// edit: state another shape for a type of another crate
// verdict: breaking
// why: what is stored has the shape that was stated
// --- before ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[schema(as = i64)]
        cents: Foreign,
    },
}

#[derive(Serialize, Deserialize)]
pub struct Foreign(i64);

// --- after ---
use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[schema(as = String)]
        cents: Foreign,
    },
}

#[derive(Serialize, Deserialize)]
pub struct Foreign(i64);
