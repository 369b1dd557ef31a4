// edit: a date of `chrono` to one of `jiff`
// verdict: breaking
// why: `jiff` ends with the year 9999
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
use jiff::civil::Date;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Date,
    },
}
