use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(crate = "eventsourcing")]
    Closed,
}

fn main() {}
