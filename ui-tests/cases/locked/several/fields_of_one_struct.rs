// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { item: Item },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: i64,
    note: Option<String>,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { item: Item },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: u32,
    price: i16,
    note: String,
}
