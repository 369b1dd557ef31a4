use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 3, upcast(1 = ClosedV1))]
    Closed,
}

fn main() {}
