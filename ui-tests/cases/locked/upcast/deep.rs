// case: The type of an old version shares a type with the code of today, which has gone on.
// --- before ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = OrderedV1))]
    Ordered { skus: Vec<String> },
}

#[derive(Deserialize, Schema)]
pub struct OrderedV1 {
    lines: Vec<Line>,
}

#[derive(Deserialize, Schema)]
pub struct Line {
    item: Item,
}

#[derive(Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: i64,
}

impl From<OrderedV1> for AccountEvent {
    fn from(old: OrderedV1) -> Self {
        Self::Ordered { skus: old.lines.into_iter().map(|line| line.item.sku).collect() }
    }
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::Deserialize;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    #[event(version = 2, upcast(1 = OrderedV1))]
    Ordered { skus: Vec<String> },
}

#[derive(Deserialize, Schema)]
pub struct OrderedV1 {
    lines: Vec<Line>,
}

#[derive(Deserialize, Schema)]
pub struct Line {
    item: Item,
}

#[derive(Deserialize, Schema)]
pub struct Item {
    sku: String,
    price: f64,
}

impl From<OrderedV1> for AccountEvent {
    fn from(old: OrderedV1) -> Self {
        Self::Ordered { skus: old.lines.into_iter().map(|line| line.item.sku).collect() }
    }
}
