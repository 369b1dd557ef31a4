use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retire("account.frozen", versions = 1..=2))]
enum AccountEvent {
    Closed,
}

fn main() {}
