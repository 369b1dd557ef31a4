//! Where in a payload a value stands: this one value, or all values of the same field.

use std::fmt::Write;

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
            Step::Field(name) => push(&mut path, name),
            Step::Key(key) => push(&mut path, key),
            // Writing to a `String` cannot fail.
            Step::Index(index) => _ = write!(path, "[{index}]"),
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
            Step::Field(name) => push(&mut path, name),
            Step::Variant(name) => _ = write!(path, "({name:?})"),
            Step::Key(_) | Step::Index(_) => path.push_str("[]"),
        }
    }
    path
}

fn push(path: &mut String, key: &str) {
    if !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$')) {
        path.push('.');
        path.push_str(key);
    } else {
        _ = write!(path, "[{key:?}]");
    }
}
