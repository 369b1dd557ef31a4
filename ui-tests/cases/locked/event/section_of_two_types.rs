// case: Each type is compared with the whole section.
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
}

#[derive(Event)]
#[event(prefix = "account")]
pub enum SecondEvent {
    Closed,
}
