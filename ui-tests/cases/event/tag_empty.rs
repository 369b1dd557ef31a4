use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(tag = "")]
    Closed,
}

fn main() {}
