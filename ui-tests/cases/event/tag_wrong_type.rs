use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(tag = 3)]
    Closed,
}

fn main() {}
