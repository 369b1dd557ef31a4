// edit: rename a field in Rust only
// verdict: same
// why: the stored name is what counts
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        owner: String,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde(rename = "owner")]
        holder: String,
    },
}
