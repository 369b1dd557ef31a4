// edit: any JSON to something
// verdict: breaking
// why: anything may be stored
// --- before ---
use eventsourcing::Event;
use serde_json::Value;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Value,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: String,
    },
}
