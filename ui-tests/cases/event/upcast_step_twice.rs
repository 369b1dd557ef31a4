use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 2, upcast(1 = ClosedV1, 1 = ClosedV2))]
    Closed,
}

fn main() {}
