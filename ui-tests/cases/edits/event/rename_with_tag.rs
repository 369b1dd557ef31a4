// edit: rename an event in Rust only
// verdict: same
// why: the tag is what counts
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
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    #[event(tag = "account.closed")]
    Ended,
}
