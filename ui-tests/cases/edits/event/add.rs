// edit: add an event
// verdict: new
// why: nothing of it is stored yet; the lock wants it
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed,
}
