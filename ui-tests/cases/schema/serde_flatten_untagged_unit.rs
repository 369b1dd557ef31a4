use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Discount {
    Percent { percent: u8 },
    None,
}

#[derive(Serialize, Deserialize, Schema)]
struct Order {
    total: i64,
    #[serde(flatten)]
    discount: Discount,
}

fn main() {}
