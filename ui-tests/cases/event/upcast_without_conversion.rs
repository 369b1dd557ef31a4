use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 2, upcast(1 = OpenedV1))]
    Opened { owner: String },
}

#[derive(Deserialize, Schema)]
struct OpenedV1 {
    name: String,
}

fn main() {}
