use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(nested)]
    Money { cents: u64 },
}

fn main() {}
