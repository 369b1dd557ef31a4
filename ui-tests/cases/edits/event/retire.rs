// edit: retire an event
// verdict: same
// why: history may hold it: it is counted in its stream, and not delivered
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed,
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.closed", versions = 1..=1))]
pub enum AccountEvent {
    Opened { owner: String },
}
