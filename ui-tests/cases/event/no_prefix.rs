use eventsourcing::Event;

#[derive(Event)]
enum AccountEvent {
    Opened,
    #[event(tag = "account.closed")]
    Closed,
}

fn main() {}
