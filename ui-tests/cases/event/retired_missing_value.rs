use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired)]
enum AccountEvent {
    Closed,
}

fn main() {}
