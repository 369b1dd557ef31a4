use eventsourcing::Event;

#[derive(Event)]
#[event(lock = "account")]
#[serde(tag = "type", content = "data", rename_all = "camelCase")]
enum AccountEvent {
    Opened { owner: String },
}

fn main() {}
