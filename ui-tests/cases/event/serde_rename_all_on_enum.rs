use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
#[serde(rename_all = "camelCase")]
enum AccountEvent {
    Opened { owner: String },
}

fn main() {}
