use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
#[serde(tag = "type")]
enum AccountEvent {
    Opened { owner: String },
}

fn main() {}
