use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(lock = "account")]
    Closed,
}

fn main() {}
