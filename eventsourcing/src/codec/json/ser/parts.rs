//! What is wrapped around serde's parts on the way out: a serializer, the values that pass through it, arrays and objects.

use std::{cell::RefCell, collections::HashSet};

use serde::Serialize;

use super::tracker::{PathTracker, Refusal};
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

/// An array or object of which some elements are written.
pub(super) struct Compound<'a, C> {
    pub(super) inner: C,
    pub(super) tracker: &'a PathTracker,
    pub(super) levels: usize,
    pub(super) next: usize,
    pub(super) keys: RefCell<Keys>,
    pub(super) variant: Option<&'static str>,
    /// The key whose value comes next, where the two are written apart.
    pub(super) pending: Option<String>,
}

impl<'a, C> Compound<'a, C> {
    pub(super) fn new(
        inner: C,
        tracker: &'a PathTracker,
        levels: usize,
        keys: Keys,
        variant: Option<&'static str>,
    ) -> Self {
        Self { inner, tracker, levels, next: 0, keys: RefCell::new(keys), variant, pending: None }
    }

    /// An error passes: notes the step to the element, and that to the variant it is in.
    pub(super) fn note(&self, element: impl FnOnce(&PathTracker)) {
        element(self.tracker);
        if let Some(variant) = self.variant {
            self.tracker.key(variant);
        }
    }

    pub(super) fn element<T: Serialize + ?Sized, E>(
        &mut self,
        value: &T,
        write: impl FnOnce(&mut C, &Observed<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let observed = Observed { value, tracker: self.tracker, role: Role::Value };
        write(&mut self.inner, &observed).inspect_err(|_| self.note(|tracker| tracker.index(self.next)))?;
        self.next += 1;
        Ok(())
    }

    pub(super) fn field<T: Serialize + ?Sized, E: serde::ser::Error>(
        &mut self,
        key: &'static str,
        value: &T,
        write: impl FnOnce(&mut C, &Observed<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let raw = matches!(*self.keys.borrow(), Keys::Raw);
        let role = if raw { Role::Raw } else { Role::Value };
        let written = if is_private(key) && matches!(*self.keys.borrow(), Keys::First(_)) {
            Err(self.tracker.refuse(Refusal::PrivateKey))
        } else if !self.keys.borrow_mut().is_new_field(key) {
            Err(self.tracker.refuse(Refusal::DuplicateKey))
        } else if key.as_bytes().contains(&0) {
            Err(self.tracker.refuse(Refusal::Nul))
        } else {
            write(&mut self.inner, &Observed { value, tracker: self.tracker, role })
        };
        written.inspect_err(|_| {
            if !raw {
                self.note(|tracker| tracker.key(key));
            }
        })
    }

    pub(super) fn end<T, E>(self, end: impl FnOnce(C) -> Result<T, E>) -> Result<T, E> {
        self.tracker.leave(self.levels);
        end(self.inner)
    }
}

/// The keys of an object so far: a key that is written twice is read as an error, or as either of the two.
///
/// Only serde's own additions can repeat a key. What has flattened fields says no length, and any key may come twice;
/// elsewhere only the tag of an enum, which comes first.
pub(super) enum Keys {
    None,
    Raw,
    First(Option<&'static str>),
    FirstOfMap(Option<String>),
    All(HashSet<String>),
}

impl Keys {
    pub(super) fn of_map(len: Option<usize>) -> Self {
        match len {
            Some(_) => Self::FirstOfMap(None),
            None => Self::All(HashSet::new()),
        }
    }

    pub(super) fn is_new(&mut self, key: &str) -> bool {
        match self {
            Self::FirstOfMap(Some(first)) => first != key,
            Self::FirstOfMap(first) => {
                *first = Some(key.to_owned());
                true
            }
            Self::All(keys) => keys.insert(key.to_owned()),
            Self::None | Self::Raw | Self::First(_) => true,
        }
    }

    pub(super) fn is_new_field(&mut self, key: &'static str) -> bool {
        match self {
            Self::First(Some(first)) => *first != key,
            Self::First(first) => {
                *first = Some(key);
                true
            }
            _ => true,
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
