use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", lock = "bank", unlocked)]
enum AccountEvent {
    Closed,
}

fn main() {}
