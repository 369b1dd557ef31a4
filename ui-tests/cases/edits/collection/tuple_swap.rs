// edit: swap the places of a tuple
// verdict: breaking
// why: places have no names: what is stored has the old order
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: (i32, String),
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: (String, i32),
    },
}
