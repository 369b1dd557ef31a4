use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", lock = 1)]
enum AccountEvent {
    Closed,
}

fn main() {}
