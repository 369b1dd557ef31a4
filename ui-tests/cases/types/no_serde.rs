use eventsourcing::{Event, Schema};

#[derive(Schema)]
struct Money {
    cents: i64,
}

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened { owner: String },
    Deposited { amount: Money },
    Withdrawn { amounts: Vec<Money> },
}

fn main() {}
