use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", version = 2)]
enum AccountEvent {
    Closed,
}

fn main() {}
