// edit: another value of a default
// verdict: breaking
// noticed: by `cargo test`
// why: what is stored without the field would be read as the new value
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde(default)]
        pinned: bool,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde(default = "yes")]
        pinned: bool,
    },
}

fn yes() -> bool {
    true
}
