// edit: give an event without fields an `Option`
// verdict: additive
// why: an event without fields is stored as `{}`
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Closed,
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Closed { reason: Option<String> },
}
