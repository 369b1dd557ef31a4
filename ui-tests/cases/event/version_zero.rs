use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 0)]
    Closed,
}

fn main() {}
