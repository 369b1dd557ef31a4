use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened { #[serde(renam = "name")] owner: Option<String> },
}

fn main() {}
