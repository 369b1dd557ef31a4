use eventsourcing::Event;

#[derive(Event)]
#[event(prefx = "account", prefix = "account")]
enum AccountEvent {
    #[event(version = "2")]
    Opened,
    #[event(tag)]
    Closed,
}

fn takes<E: Event>() {}

fn main() {
    // The type is an event type all the same: no fourth error.
    takes::<AccountEvent>();
}
