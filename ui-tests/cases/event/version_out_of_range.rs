use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 65536)]
    Closed,
}

fn main() {}
