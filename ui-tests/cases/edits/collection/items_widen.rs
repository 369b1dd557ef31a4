// edit: widen the items of a list
// verdict: additive
// why: the larger type holds every value of the smaller
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<u8>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<u16>,
    },
}
