// case: The derive refuses one attribute; the locked events are compared all the same.
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
    #[event(versoin = 2)]
    Closed {
        reason: String,
    },
}
