use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", lock)]
enum AccountEvent {
    Closed,
}

fn main() {}
