// edit: change the prefix
// verdict: breaking
// noticed: by `cargo test`
// why: all tags change, and what is stored has the old ones: no type has the old section any more
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
#[event(prefix = "accounts")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed,
}
