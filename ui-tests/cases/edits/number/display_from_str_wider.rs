// edit: a `u8` under `DisplayFromStr` to a `u64`
// verdict: additive
// why: the text of each `u8` is that of a `u64`
// --- before ---
use eventsourcing::Event;
use serde_with::{DisplayFromStr, serde_as};

#[serde_as]
#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde_as(as = "DisplayFromStr")]
        value: u8,
    },
}

// --- after ---
use eventsourcing::Event;
use serde_with::{DisplayFromStr, serde_as};

#[serde_as]
#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde_as(as = "DisplayFromStr")]
        value: u64,
    },
}
