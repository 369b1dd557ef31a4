// edit: an integer to a float
// verdict: breaking
// why: above 2⁵³ a float does not hold every integer
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: i64,
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
