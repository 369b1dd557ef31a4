use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Deposited {
    cents: i64,
}

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Deposited(Deposited),
}

fn main() {}
