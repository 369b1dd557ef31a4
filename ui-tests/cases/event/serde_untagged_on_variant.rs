use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[serde(untagged)]
    Opened { owner: String },
}

fn main() {}
