use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Reading {
    values: std::collections::BTreeMap<u8, String>,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
enum Report {
    Single(Reading),
    Many { readings: Vec<Reading> },
}

fn main() {}
