use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = "2")]
    Closed,
}

fn main() {}
