// edit: anything to any JSON
// verdict: additive
// why: any JSON holds what is stored
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: String,
    },
}

// --- after ---
use eventsourcing::Event;
use serde_json::Value;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Value,
    },
}
