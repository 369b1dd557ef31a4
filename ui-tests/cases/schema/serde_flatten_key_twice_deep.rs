use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
enum Payment {
    Card { number: String },
}

#[derive(Serialize, Deserialize, Schema)]
struct Address {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Serialize, Deserialize, Schema)]
struct Customer {
    #[serde(flatten)]
    payment: Option<Payment>,
    #[serde(flatten)]
    address: Address,
}

fn main() {}
