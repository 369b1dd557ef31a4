// edit: leave out an `Option` that is `None`
// verdict: same
// why: absent and `null` are read alike
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        city: Option<String>,
    },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        #[serde(skip_serializing_if = "Option::is_none")]
        city: Option<String>,
    },
}
