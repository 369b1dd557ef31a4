use eventsourcing::Event;
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(version = 2, upcast(1 = OpenedV1))]
    Opened { owner: String },
}

#[derive(Deserialize)]
struct OpenedV1 {
    name: String,
}

impl From<OpenedV1> for AccountEvent {
    fn from(old: OpenedV1) -> Self {
        Self::Opened { owner: old.name }
    }
}

fn main() {}
