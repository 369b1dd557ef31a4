// case: The type that had the section is gone, or has another name for it.
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
    Placed { sku: String, count: u32 },
}

// --- after ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { owner: String },
}
