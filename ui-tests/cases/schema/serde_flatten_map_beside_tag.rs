use std::collections::BTreeMap;

use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
enum Payment {
    Card { number: String },
}

#[derive(Serialize, Deserialize, Schema)]
struct Customer {
    #[serde(flatten)]
    payment: Payment,
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
}

fn main() {}
