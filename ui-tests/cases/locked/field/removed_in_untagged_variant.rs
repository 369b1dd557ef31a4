// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { what: What },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum What {
    Item(Item),
    Number(u32),
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
    Opened { what: What },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum What {
    Item(Item),
    Number(u32),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
}
