// edit: the items of a list from `Option`s
// verdict: breaking
// why: some stored items are `null`
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cities: Vec<Option<String>>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cities: Vec<String>,
    },
}
