use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened,
    #[cfg(all())]
    Closed,
}

fn main() {}
