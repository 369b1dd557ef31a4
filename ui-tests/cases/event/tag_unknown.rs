use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(tga = "account.gone")]
    Closed,
}

fn main() {}
