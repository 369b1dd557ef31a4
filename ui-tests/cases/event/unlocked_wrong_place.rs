use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(unlocked)]
    Closed,
}

fn main() {}
