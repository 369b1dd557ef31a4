use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
#[serde(rename_all = "snakeCase")]
enum AccountEvent {
    Opened { owner: String },
}

fn main() {}
