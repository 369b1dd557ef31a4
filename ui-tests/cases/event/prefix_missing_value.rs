use eventsourcing::Event;

#[derive(Event)]
#[event(prefix)]
enum AccountEvent {
    Closed,
}

fn main() {}
