use eventsourcing::{Schema, schema::Shape};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Amount {
    Euros(f64),
    Cents(i64),
}

const _: Shape = Amount::SHAPE;

fn main() {}
