use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Report {
    name: String,
    #[serde(flatten)]
    values: std::collections::BTreeMap<u8, String>,
}

fn main() {}
