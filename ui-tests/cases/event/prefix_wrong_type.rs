use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = account)]
enum AccountEvent {
    Closed,
}

fn main() {}
