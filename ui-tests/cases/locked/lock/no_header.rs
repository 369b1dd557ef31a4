// --- lock ---
// [account]
//
// account.opened 1
//     owner: string
// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}
