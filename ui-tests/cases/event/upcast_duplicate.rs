use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 2, upcast(1 = Old), upcast(1 = Old))]
    Closed,
}

fn main() {}
