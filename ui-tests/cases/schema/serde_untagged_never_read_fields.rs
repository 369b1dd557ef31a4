use eventsourcing::{Schema, schema::Shape};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Visitor {
    Guest { name: Option<String> },
    Member { id: u32 },
}

const _: Shape = Visitor::SHAPE;

fn main() {}
