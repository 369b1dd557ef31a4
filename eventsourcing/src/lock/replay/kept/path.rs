//! Where in a payload a value stands: this one value, or all values of the same field.

use std::fmt::Write;

use crate::codec::json::path::{push_index, push_key};

/// One step down into a payload.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Field(&'static str),
    /// A variant, which need not be a key of the payload.
    Variant(&'static str),
    Key(String),
    Index(usize),
}

/// The place of one value.
pub(super) fn concrete(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Field(name) => push_key(&mut path, name),
            Step::Key(key) => push_key(&mut path, key),
            Step::Index(index) => push_index(&mut path, *index),
            Step::Variant(_) => {}
        }
    }
    if path.is_empty() { ".".to_owned() } else { path }
}

/// The place of all values of the same field, in whichever element, entry or payload.
pub(super) fn general(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Field(name) => push_key(&mut path, name),
            // Writing to a `String` cannot fail.
            Step::Variant(name) => _ = write!(path, "({name:?})"),
            Step::Key(_) | Step::Index(_) => path.push_str("[]"),
        }
    }
    path
}
