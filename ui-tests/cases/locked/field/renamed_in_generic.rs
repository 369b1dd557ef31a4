// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { page: Page<Item> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Page<T> {
    number: u32,
    rows: Vec<T>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: i64,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { page: Page<Item> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Page<T> {
    number: u32,
    rows: Vec<T>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    cents: i64,
}
