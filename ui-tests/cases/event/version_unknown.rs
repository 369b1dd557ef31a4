use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(versoin = 2)]
    Closed,
}

fn main() {}
