//! Where in a payload something is wrong, as people write it: `.lines[2].price`, and `.` for the payload itself.

use std::fmt::Write;

/// One step down into a payload.
#[derive(Debug)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
    /// Some key of a map.
    AnyKey,
}

/// How many steps of a long path are written at either end, and how many characters of a long key. A message is read by
/// people and kept in logs; the payload that it is about may be of any depth, with keys of any length.
const ENDS: usize = 8;
const KEY: usize = 64;

/// The steps from the payload down, as text.
pub(crate) fn text<'a>(steps: impl IntoIterator<Item = &'a Step>) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => key_text(key),
        Step::Index(index) => index_text(*index),
        Step::AnyKey => ".*".to_owned(),
    };
    joined(&steps.into_iter().map(step).collect::<Vec<_>>())
}

fn joined(steps: &[String]) -> String {
    if steps.is_empty() {
        return ".".to_owned();
    }
    let Some(left_out @ 1..) = steps.len().checked_sub(2 * ENDS) else { return steps.concat() };
    let (first, last) = (steps[..ENDS].concat(), steps[steps.len() - ENDS..].concat());
    format!("{first} .. {left_out} more .. {last}")
}

fn key_text(key: &str) -> String {
    let mut text = String::new();
    match key.char_indices().nth(KEY) {
        Some((end, _)) => push_key(&mut text, &format!("{}..", &key[..end])),
        None => push_key(&mut text, key),
    }
    text
}

fn index_text(index: usize) -> String {
    let mut text = String::new();
    push_index(&mut text, index);
    text
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
