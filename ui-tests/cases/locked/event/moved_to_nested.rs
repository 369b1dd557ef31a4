// case: The nested type has a section of its own.
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
    Opened {
        owner: String,
    },
    #[event(nested)]
    Ending(EndingEvent),
}

#[derive(Event)]
#[event(prefix = "account", lock = "ending")]
pub enum EndingEvent {
    Closed,
}
