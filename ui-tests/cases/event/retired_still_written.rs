use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.closed", versions = 1..=1))]
enum AccountEvent {
    Closed,
}

fn main() {}
