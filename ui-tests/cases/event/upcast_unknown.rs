use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(upcasts(1 = Old))]
    Closed,
}

fn main() {}
