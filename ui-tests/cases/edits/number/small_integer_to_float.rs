// edit: a small integer to a float
// verdict: breaking
// why: every value would fit, but what is written then is `1.0`; a new version says it clearly
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
        value: f64,
    },
}
