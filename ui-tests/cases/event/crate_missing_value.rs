use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", crate =)]
enum AccountEvent {
    Closed,
}

fn main() {}
