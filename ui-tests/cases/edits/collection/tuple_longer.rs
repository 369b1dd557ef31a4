// edit: a longer tuple
// verdict: breaking
// why: what is stored lacks the last place
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
        value: (i32, i32, i32),
    },
}
