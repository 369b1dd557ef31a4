use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
struct Key {
    part: String,
}

#[derive(Serialize, Deserialize, Schema)]
struct Reading {
    value: std::collections::BTreeMap<Key, String>,
}

fn main() {}
