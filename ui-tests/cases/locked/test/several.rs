// case: Each type says what the lock lacks of it.
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
    Opened { owner: String, city: Option<String> },
    Closed,
}

#[derive(Event)]
#[event(prefix = "order")]
pub enum OrderEvent {
    Placed { sku: String, count: u64 },
}
