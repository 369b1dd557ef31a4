use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened { #[event(tag = "owner")] owner: String },
}

fn main() {}
