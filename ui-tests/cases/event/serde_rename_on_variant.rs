use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[serde(rename = "created")]
    Opened { owner: String },
}

fn main() {}
