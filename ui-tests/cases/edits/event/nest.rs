// edit: move an event to a nested event type
// verdict: breaking
// why: nothing reads it in the section where it is locked. It compiles once its lines are moved in the lock, too,
//   to the section of the nested type
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
