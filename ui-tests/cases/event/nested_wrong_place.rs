use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", nested)]
enum AccountEvent {
    Closed,
}

fn main() {}
