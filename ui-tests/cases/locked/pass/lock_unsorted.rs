// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [order]
//
// order.placed 1
//     sku: string
//
// [account]
//
// account.opened 1
//     owner: string
//     city: string
//
// account.closed 1
// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String, city: String },
    Closed,
}
