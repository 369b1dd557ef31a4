use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened { #[serde(deserialize_with = "read")] owner: Option<String> },
}

fn main() {}
