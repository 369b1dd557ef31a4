use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", lock = "a", lock = "a")]
enum AccountEvent {
    Closed,
}

fn main() {}
