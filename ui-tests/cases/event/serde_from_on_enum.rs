use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
#[serde(from = "Old", into = "Old")]
enum AccountEvent {
    Opened { owner: String },
}

fn main() {}
