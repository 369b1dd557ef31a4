// edit: text to an id
// verdict: breaking
// why: stored text may be no id
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
use uuid::Uuid;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Uuid,
    },
}
