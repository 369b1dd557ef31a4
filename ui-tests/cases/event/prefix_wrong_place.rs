use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(prefix = "closed")]
    Closed,
}

fn main() {}
