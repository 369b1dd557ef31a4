use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 1, version = 1)]
    Closed,
}

fn main() {}
