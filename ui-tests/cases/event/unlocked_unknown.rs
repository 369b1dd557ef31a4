use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", unlock)]
enum AccountEvent {
    Closed,
}

fn main() {}
