// edit: stop writing a field that is still read
// verdict: breaking
// noticed: by `cargo test`
// why: what is read and written again would lose it
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        city: Option<String>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        #[serde(skip_serializing)]
        city: Option<String>,
    },
}
