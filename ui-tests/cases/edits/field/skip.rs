// edit: skip a field
// verdict: breaking
// why: it is not read any more, so its stored values would be lost
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        city: String,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        #[serde(skip)]
        city: String,
    },
}
