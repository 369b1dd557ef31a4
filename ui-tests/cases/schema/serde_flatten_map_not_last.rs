use std::collections::BTreeMap;

use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Address {
    street: String,
}

#[derive(Serialize, Deserialize, Schema)]
struct Customer {
    #[serde(flatten)]
    extra: BTreeMap<String, String>,
    #[serde(flatten)]
    address: Address,
}

fn main() {}
