// edit: change the prefix, keep the tags
// verdict: same
// why: the tags are what counts; the section keeps its name by `lock`
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "accounts", lock = "account")]
pub enum AccountEvent {
    #[event(tag = "account.opened")]
    Opened { owner: String },
}
