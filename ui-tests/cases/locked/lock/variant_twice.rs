// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [account]
//
// account.opened 1
//     kind: enum
//         Private
//         Business
//         Private
// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { kind: Kind },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum Kind {
    Private,
    Business,
}
