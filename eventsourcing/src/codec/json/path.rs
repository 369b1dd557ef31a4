//! Where in a payload something is wrong, as people write it: `.lines[2].price`, and `.` for the payload itself.

use std::fmt::Write;

use serde_path_to_error::{Path, Segment};

/// One step down into a payload.
#[derive(Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The steps from the payload down, as text.
pub(super) fn text<'a>(steps: impl IntoIterator<Item = &'a Step>) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => push_key(&mut path, key),
            Step::Index(index) => push_index(&mut path, *index),
        }
    }
    or_root(path)
}

pub(super) fn tracked(tracked: &Path) -> String {
    let mut path = String::new();
    for segment in tracked {
        match segment {
            Segment::Seq { index } => push_index(&mut path, *index),
            Segment::Map { key } => push_key(&mut path, key),
            Segment::Enum { variant } => push_key(&mut path, variant),
            Segment::Unknown => push_key(&mut path, "?"),
        }
    }
    or_root(path)
}

pub(crate) fn push_key(path: &mut String, key: &str) {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '?' | '$');
    if !key.is_empty() && key.chars().all(plain) {
        path.push('.');
        path.push_str(key);
    } else {
        // Writing to a `String` cannot fail.
        let _ = write!(path, "[{key:?}]");
    }
}

pub(crate) fn push_index(path: &mut String, index: usize) {
    let _ = write!(path, "[{index}]");
}

fn or_root(path: String) -> String {
    if path.is_empty() { ".".to_owned() } else { path }
}
