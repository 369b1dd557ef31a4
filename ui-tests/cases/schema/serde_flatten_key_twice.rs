use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Address {
    id: u64,
    city: String,
}

#[derive(Serialize, Deserialize, Schema)]
struct Customer {
    id: u64,
    #[serde(flatten)]
    address: Address,
}

fn main() {}
