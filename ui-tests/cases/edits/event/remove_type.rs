// edit: remove an event type
// verdict: breaking
// noticed: by `cargo test`
// why: what it wrote may be stored, and no type has its section any more
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}

#[derive(Event)]
#[event(prefix = "order")]
pub enum OrderEvent {
    Placed,
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}
