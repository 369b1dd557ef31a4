// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [account]
//
// account.opened 1
//     wait: plain closed struct
//         nanos: u32
//         secs: u64
// --- after ---
use std::time::Duration;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { wait: Duration },
}
