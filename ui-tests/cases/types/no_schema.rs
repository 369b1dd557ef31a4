use eventsourcing::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Money {
    cents: i64,
}

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Deposited { amount: Money },
}

fn main() {}
