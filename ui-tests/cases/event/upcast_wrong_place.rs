use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", upcast(1 = Old))]
enum AccountEvent {
    Closed,
}

fn main() {}
