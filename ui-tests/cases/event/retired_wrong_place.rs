use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(retired("account.frozen", versions = 1..=2))]
    Closed,
}

fn main() {}
