use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", tag = "account")]
enum AccountEvent {
    Closed,
}

fn main() {}
