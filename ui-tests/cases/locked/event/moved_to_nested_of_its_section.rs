// case: The nested type claims the section of the outer one.
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
#[event(prefix = "account")]
pub enum EndingEvent {
    Closed,
}
