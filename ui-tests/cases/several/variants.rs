use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened(String, u64),
    #[event(version = 2)]
    Deposited { cents: u64 },
    #[event(tag = "")]
    Closed,
}

fn main() {}
