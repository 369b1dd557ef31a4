use eventsourcing::Event;

#[derive(Event)]
#[event(prefx = "account")]
enum AccountEvent {
    Closed,
}

fn main() {}
