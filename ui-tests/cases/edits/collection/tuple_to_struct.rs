// edit: a tuple to a struct
// verdict: breaking
// why: a tuple is stored as a list, a struct as an object
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        at: (i32, i32),
    },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        at: Point,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Point {
    x: i32,
    y: i32,
}
