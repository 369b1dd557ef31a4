// edit: stop writing a field that is still read
// verdict: breaking
// why: ?
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
