use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(from = "String")]
struct Money {
    currency: String,
}

impl From<String> for Money {
    fn from(currency: String) -> Self {
        Self { currency }
    }
}

fn main() {}
