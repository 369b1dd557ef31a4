use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", crate = "eventsourcing", crate = "eventsourcing")]
enum AccountEvent {
    Closed,
}

fn main() {}
