//! JSON inside of JSON.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::shapes::shapes;
use crate::schema::shape::Shape;

// `RawValue` has no schema, see `refused`: serde cannot read it in an enum with an internal tag or without one, nor
// flattened, and what stands in it is not looked through when it is written.
shapes! {
    Value => Shape::Any;
    // It cannot be written, so it only fits an old version: what its step does not need.
    IgnoredAny => Shape::Any;
    Map<String, Value> => Shape::Map { key: &Shape::String, value: &Shape::Any };
}
