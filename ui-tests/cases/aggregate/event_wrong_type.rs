use eventsourcing::{Aggregate, Event};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Closed,
}

#[derive(Default, Aggregate)]
#[aggregate(event = 3, id = u64, category = "account")]
struct Account {
    open: bool,
}

fn main() {}
