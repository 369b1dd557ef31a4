// edit: widen an integer
// verdict: additive
// why: the larger type holds every value of the smaller
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: i32,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: i64,
    },
}
