use eventsourcing::Schema;
use serde::{Deserialize, Serialize};
use serde_with::serde_as;

#[serde_as]
#[derive(Serialize, Deserialize, Schema)]
struct Reading {
    #[serde_as(as = "serde_with::DisplayFromStr")]
    value: u64,
}

fn main() {}
