use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account" unlocked)]
enum AccountEvent {
    Closed,
}

fn main() {}
