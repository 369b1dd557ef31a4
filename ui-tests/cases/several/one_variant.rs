use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(lock = "x", nested = 1, version = 0)]
    Closed,
}

fn main() {}
