use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.frozen", versions = 2))]
enum AccountEvent {
    Closed,
}

fn main() {}
