use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(tag = "a", tag = "b")]
    Closed,
}

fn main() {}
