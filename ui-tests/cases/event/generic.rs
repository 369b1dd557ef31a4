use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent<T> {
    Opened(T),
}

fn takes<E: Event>() {}

fn main() {
    // The type is an event type all the same: no second error.
    takes::<AccountEvent<u64>>();
}
