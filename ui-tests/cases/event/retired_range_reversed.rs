use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.frozen", versions = 3..=2))]
enum AccountEvent {
    Closed,
}

fn main() {}
