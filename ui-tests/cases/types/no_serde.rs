use eventsourcing::{Event, Schema};

#[derive(Schema)]
struct Money {
    cents: i64,
}

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Deposited { amount: Money },
}

fn main() {}
