use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Comment {
    text: String,
    answers: Tree<Box<Comment>>,
}

fn main() {}
