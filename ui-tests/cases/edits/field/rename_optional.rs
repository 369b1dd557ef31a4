// edit: rename an `Option`
// verdict: breaking
// why: events with the old name would still be read, as `None`: the value would be lost without an error
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: Option<String>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        holder: Option<String>,
    },
}
