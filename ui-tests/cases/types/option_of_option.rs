use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Change {
    nickname: Option<Option<String>>,
}

fn main() {}
