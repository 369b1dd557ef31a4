// case: Version 1 was removed by hand.
// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [account]
//
// account.opened 2
//     owner: string
// --- after ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = OpenedV1))]
    Opened { owner: String },
}

#[derive(Deserialize, Schema)]
pub struct OpenedV1 {
    name: String,
}

impl From<OpenedV1> for AccountEvent {
    fn from(old: OpenedV1) -> Self {
        Self::Opened { owner: old.name }
    }
}
