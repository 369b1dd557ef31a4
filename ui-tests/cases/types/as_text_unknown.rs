use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Reading {
    #[serde(with = "eventsourcing::codec::as_text")]
    value: std::num::NonZeroU128,
}

fn main() {}
