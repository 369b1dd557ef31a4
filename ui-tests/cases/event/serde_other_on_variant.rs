use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[serde(other)]
    Opened { owner: String },
}

fn main() {}
