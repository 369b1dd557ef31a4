use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = 3, retired("a"), unlocked = true)]
enum AccountEvent {
    Closed,
}

fn main() {}
