// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { items: BTreeMap<String, Item> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: i64,
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { items: BTreeMap<String, Item> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: bool,
}
