//! What a field is when a stored payload does not have it. A default is a function, which constants cannot call, so a
//! shape only leads to it; the tests of a lock call it, and the lock holds what it gave.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    fmt,
};

use serde::Serialize;

/// The default of a [`Field`](crate::schema::shape::Field). It is no part of the shape: all of them are equal, and no
/// fingerprint tells.
#[derive(Clone, Copy)]
pub struct DefaultValue(Kind);

#[derive(Clone, Copy)]
enum Kind {
    /// Nothing is said: there is none, or it is the `None` of an `Option`.
    None,
    /// The code has one. It gives JSON, or nothing when its type cannot be shown.
    Code(fn() -> Option<String>),
    /// What a lock says.
    Locked(&'static str),
}

impl DefaultValue {
    /// No default; or that of an `Option`, which is `None`.
    pub const NONE: Self = Self(Kind::None);

    /// The default that this function gives, as JSON. It is called by the tests of a lock alone.
    pub const fn of(json: fn() -> Option<String>) -> Self {
        Self(Kind::Code(json))
    }

    /// A lock that says `name? = JSON: shape`.
    #[doc(hidden)]
    pub const fn locked(text: &'static str) -> Self {
        Self(Kind::Locked(text))
    }

    /// What the lock says.
    pub(crate) const fn text(&self) -> Option<&'static str> {
        match self.0 {
            Kind::Locked(text) => Some(text),
            _ => None,
        }
    }

    /// What the code gives now.
    pub(crate) fn call(&self) -> Called {
        match self.0 {
            Kind::Code(json) => json().map_or(Called::NotShown, Called::Json),
            _ => Called::Nothing,
        }
    }
}

/// What came of calling a default.
pub(crate) enum Called {
    /// There is none.
    Nothing,
    /// Its value cannot be shown.
    NotShown,
    /// Its value, as JSON.
    Json(String),
}

impl PartialEq for DefaultValue {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for DefaultValue {}

impl fmt::Debug for DefaultValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DefaultValue")
    }
}

/// A value that is to be shown as JSON, by the first of these traits that its type has: generated code calls
/// `(&&&&Shown(&value)).json()`, and the method that needs the fewest dereferences is taken.
///
/// Types that are only read are no `Serialize`, and their defaults count like all others.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "the derive builds it")]
pub struct Shown<'a, T: ?Sized>(pub &'a T);

/// By its `Serialize`: the JSON itself.
pub trait ShownAsJson {
    /// The value, as JSON.
    fn json(&self) -> Option<String>;
}

impl<T: Serialize + ?Sized> ShownAsJson for &&&Shown<'_, T> {
    fn json(&self) -> Option<String> {
        serde_json::to_string(self.0).ok()
    }
}

/// By its `Debug`: a string of JSON.
pub trait ShownAsDebug {
    /// The value, as JSON.
    fn json(&self) -> Option<String>;
}

impl<T: fmt::Debug + ?Sized> ShownAsDebug for &&Shown<'_, T> {
    fn json(&self) -> Option<String> {
        serde_json::to_string(&format!("{:?}", self.0)).ok()
    }
}

/// A collection, when it is empty: its elements are not asked for.
pub trait ShownEmpty {
    /// The value, as JSON.
    fn json(&self) -> Option<String>;
}

macro_rules! shown_empty {
    ($($ty:ident<$($parameter:ident),+> = $json:literal),+ $(,)?) => {
        $(impl<$($parameter),+> ShownEmpty for &Shown<'_, $ty<$($parameter),+>> {
            fn json(&self) -> Option<String> {
                self.0.is_empty().then(|| $json.to_owned())
            }
        })+
    };
}

shown_empty!(
    Vec<T> = "[]",
    VecDeque<T> = "[]",
    HashSet<T, S> = "[]",
    BTreeSet<T> = "[]",
    HashMap<K, V, S> = "{}",
    BTreeMap<K, V> = "{}",
);

/// All others.
pub trait NotShown {
    /// Nothing.
    fn json(&self) -> Option<String>;
}

impl<T: ?Sized> NotShown for Shown<'_, T> {
    fn json(&self) -> Option<String> {
        None
    }
}
