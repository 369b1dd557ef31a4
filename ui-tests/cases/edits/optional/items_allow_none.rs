// edit: the items of a list to `Option`s
// verdict: additive
// why: what is stored is read as `Some`
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cities: Vec<String>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        cities: Vec<Option<String>>,
    },
}
