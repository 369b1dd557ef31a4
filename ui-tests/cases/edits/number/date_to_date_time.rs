// edit: a date to a date and time
// verdict: breaking
// why: one of the two does not read the other
// --- before ---
use chrono::NaiveDate;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: NaiveDate,
    },
}

// --- after ---
use chrono::NaiveDateTime;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: NaiveDateTime,
    },
}
