use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[serde(alias = "created")]
    Opened { owner: String },
}

fn main() {}
