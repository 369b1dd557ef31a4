//! JSON inside of JSON.

use serde_json::{Map, Value, value::RawValue};

use super::shapes;
use crate::schema::Shape;

shapes! {
    Value => Shape::Any;
    Map<String, Value> => Shape::Map { key: &Shape::String, value: &Shape::Any };
    RawValue => Shape::Any;
}
