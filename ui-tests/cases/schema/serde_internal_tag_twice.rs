use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Card {
    kind: String,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
enum Payment {
    Card(Card),
}

fn main() {}
