// edit: a `u64` under `DisplayFromStr` to a `u8`
// verdict: breaking
// why: it is text with the limits of its type, and not every `u64` is a `u8`
// --- before ---
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

// --- after ---
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
