use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", prefix = "bank")]
enum AccountEvent {
    Closed,
}

fn main() {}
