use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened,
    #[event(tag = "account.opened")]
    Reopened,
}

fn main() {}
