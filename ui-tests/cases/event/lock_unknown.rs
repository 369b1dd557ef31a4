use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", locked = "account")]
enum AccountEvent {
    Closed,
}

fn main() {}
