// edit: a tuple of one kind to a list
// verdict: additive
// why: each place is an item of the list
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: (i32, i32),
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Vec<i32>,
    },
}
