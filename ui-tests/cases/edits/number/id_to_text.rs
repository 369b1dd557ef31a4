// edit: an id to text
// verdict: additive
// why: an id is stored as text
// --- before ---
use eventsourcing::Event;
use uuid::Uuid;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Uuid,
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
