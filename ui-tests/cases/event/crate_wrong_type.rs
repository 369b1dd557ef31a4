use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", crate = 7)]
enum AccountEvent {
    Closed,
}

fn main() {}
