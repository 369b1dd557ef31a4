use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[serde(skip)]
    Opened { owner: String },
}

fn main() {}
