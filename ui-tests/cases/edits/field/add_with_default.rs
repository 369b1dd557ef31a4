// edit: add a field with a default
// verdict: additive
// why: where it is absent, the default is read
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
        #[serde(default)]
        city: String,
    },
}
