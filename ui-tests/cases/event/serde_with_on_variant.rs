use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[serde(with = "module")]
    Opened { owner: String },
}

fn main() {}
