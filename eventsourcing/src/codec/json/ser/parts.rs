//! What is wrapped around serde's parts on the way out: a serializer, and the values that pass through it.

use std::{cell::RefCell, collections::HashSet};

use super::tracker::PathTracker;
use crate::mutants::without;

pub(super) struct Checked<'a, S> {
    pub(super) inner: S,
    pub(super) tracker: &'a PathTracker,
    pub(super) role: Role<'a>,
}

/// A value on its way through a [`Checked`] serializer.
pub(super) struct Observed<'a, T: ?Sized> {
    pub(super) value: &'a T,
    pub(super) tracker: &'a PathTracker,
    pub(super) role: Role<'a>,
}

/// What the text is for.
#[derive(Clone, Copy)]
pub(super) enum Role<'a> {
    Value,
    /// A key, and the keys that the object has so far.
    Key(&'a RefCell<Keys>, Origin),
    /// JSON text as it is.
    Raw,
}

/// Where a key comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// The code: it is the name of a field or a variant.
    Name,
    /// The value: it is a key of a map.
    Value,
}

impl Origin {
    /// What serde derives writes names as `str`, which has no size of its own; the keys of a map are values, which have.
    pub(super) const fn of<K: ?Sized>() -> Self {
        if size_of::<&K>() > size_of::<&()>() { Self::Name } else { Self::Value }
    }
}

/// The keys of a map so far: a key that is written twice is read as an error, or as either of the two.
///
/// Only serde's own additions can repeat a key. What has flattened fields says no length, and any key may come twice;
/// elsewhere only the tag of an enum, which comes first.
pub(super) enum Keys {
    First(Option<String>),
    All(HashSet<String>),
}

impl Keys {
    pub(super) fn of_map(len: Option<usize>) -> Self {
        match len {
            Some(_) => Self::First(None),
            None => Self::All(HashSet::new()),
        }
    }

    pub(super) fn is_new(&mut self, key: &str) -> bool {
        match self {
            Self::First(Some(first)) => first != key,
            Self::First(first) => {
                *first = Some(key.to_owned());
                true
            }
            Self::All(keys) => keys.insert(key.to_owned()),
        }
    }
}

/// How `serde_json` names its `RawValue`, and its `Number` with the feature `arbitrary_precision`.
pub(super) const RAW: &str = "$serde_json::private::RawValue";
pub(super) const NUMBER: &str = "$serde_json::private::Number";

/// Whether a key is one by which `serde_json` knows them again when it reads: then what stands behind it is read in
/// place of the object. Which of them it knows depends on its features, and so on the other crates of the build.
pub(super) fn is_private(key: &str) -> bool {
    (key == RAW || key == NUMBER) && !without("private_keys")
}
