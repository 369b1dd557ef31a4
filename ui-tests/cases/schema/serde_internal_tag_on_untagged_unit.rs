use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Discount {
    Percent { percent: u8 },
    None,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
enum Price {
    Reduced(Discount),
}

fn main() {}
