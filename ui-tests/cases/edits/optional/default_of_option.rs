// edit: a default for an `Option`
// verdict: breaking
// noticed: by `cargo test`
// why: what is stored without the field means `None`, and would be read as the default
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        limit: Option<u32>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde(default = "ten")]
        limit: Option<u32>,
    },
}

fn ten() -> Option<u32> {
    Some(10)
}
