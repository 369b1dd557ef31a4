// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { what: What },
}

#[derive(Serialize, Deserialize, Schema)]
pub enum What {
    Nothing,
    Item(Item),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
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
pub enum What {
    Nothing,
    Item(Item),
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: i64,
}
