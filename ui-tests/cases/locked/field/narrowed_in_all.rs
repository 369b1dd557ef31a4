// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { orders: Vec<Order> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Order {
    parts: BTreeMap<String, Option<(u32, What)>>,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum What {
    Nothing,
    Item { item: Box<Item> },
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
    Opened { orders: Vec<Order> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Order {
    parts: BTreeMap<String, Option<(u32, What)>>,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum What {
    Nothing,
    Item { item: Box<Item> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: i16,
}
