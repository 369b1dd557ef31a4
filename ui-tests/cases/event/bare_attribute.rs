use eventsourcing::Event;

#[derive(Event)]
#[event]
enum AccountEvent {
    #[event(tag = "account.closed")]
    Closed,
}

fn main() {}
