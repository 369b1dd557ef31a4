// edit: move an event to a nested event type
// verdict: breaking
// why: its section of the lock no longer has it; see the page on evolution
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
    #[event(nested)]
    Ending(EndingEvent),
}

#[derive(Event)]
#[event(prefix = "account", lock = "account-ending")]
pub enum EndingEvent {
    Closed,
}
