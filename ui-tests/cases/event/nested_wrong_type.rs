use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(nested = true)]
    Closed,
}

fn main() {}
