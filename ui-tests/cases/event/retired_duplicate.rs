use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.frozen", versions = 1..=1), retired("account.frozen", versions = 1..=2))]
enum AccountEvent {
    Closed,
}

fn main() {}
