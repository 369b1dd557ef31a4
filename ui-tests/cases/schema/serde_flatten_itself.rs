use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Link {
    name: String,
    #[serde(flatten)]
    next: Option<Box<Link>>,
}

fn main() {}
