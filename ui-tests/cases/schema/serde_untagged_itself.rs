use eventsourcing::{Schema, schema::Shape};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Limit {
    Number(i64),
    Of(Option<Box<Limit>>),
}

const _: Shape = Limit::SHAPE;

fn main() {}
