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
    price: i32,
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        orders: Vec<Order>,
        #[serde(default)]
        note: String,
    },
    Closed,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Order {
    #[serde(alias = "parts")]
    pieces: BTreeMap<String, Option<(u32, What)>>,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub enum What {
    Nothing,
    Gift { from: String },
    Item { item: Box<Item> },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: Option<i64>,
    weight: Option<f64>,
}
