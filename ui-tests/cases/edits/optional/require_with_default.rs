// edit: an `Option` to a value with a default
// verdict: breaking
// why: a default is for an absent field; what is stored may be `null`
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        city: Option<String>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde(default)]
        city: String,
    },
}
