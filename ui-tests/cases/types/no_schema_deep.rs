use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Currency(String);

#[derive(Serialize, Deserialize, Schema)]
struct Money {
    currency: Option<Currency>,
}

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Deposited { amounts: Vec<Money> },
}

fn main() {}
