// case: The new version lacks a step; the other event is compared all the same.
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
    Closed { reason: String },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: u32,
    },
    #[event(version = 2)]
    Closed {
        reason: u32,
    },
}
