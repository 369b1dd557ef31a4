use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", unlocked = "yes")]
enum AccountEvent {
    Closed,
}

fn main() {}
