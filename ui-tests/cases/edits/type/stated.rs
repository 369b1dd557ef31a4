// edit: a type of another crate that looks the same on the wire
// verdict: additive
// why: the shape is what `as` states; the lock marks it as `stated`, with what the code behind it reads
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cents: i64,
    },
}

// --- after ---
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
