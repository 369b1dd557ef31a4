use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", krate = "eventsourcing")]
enum AccountEvent {
    Closed,
}

fn main() {}
