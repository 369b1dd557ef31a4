use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", unlocked, unlocked)]
enum AccountEvent {
    Closed,
}

fn main() {}
