use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Address {
    city: String,
}

#[derive(Serialize, Deserialize, Schema)]
struct Customer {
    name: String,
    #[serde(flatten, skip_serializing_if = "is_nowhere")]
    address: Address,
}

fn is_nowhere(address: &Address) -> bool {
    address.city.is_empty()
}

fn main() {}
