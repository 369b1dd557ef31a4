// case: A fixture has no section, whatever the lock says of its tags.
// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [account]
//
// account.opened 1
//     owner: string
// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", unlocked)]
pub enum AccountEvent {
    Opened { owner: u32 },
}
