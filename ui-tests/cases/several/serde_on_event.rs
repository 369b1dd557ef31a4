use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
#[serde(tag = "type")]
enum AccountEvent {
    #[serde(alias = "created")]
    Opened {
        #[serde(getter = "f")]
        owner: String,
    },
}

fn main() {}
