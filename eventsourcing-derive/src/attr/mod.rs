//! The grammar of attributes: tables of keys, and the one reader that turns attributes into spanned values.
//! Knows nothing of what the keys mean together; `check` does.

mod read;
mod tables;

use proc_macro2::TokenStream;
use syn::{Ident, LitInt, LitStr, Path, Type};

pub(crate) use read::read;
pub(crate) use tables::{AGGREGATE, EVENT, SCHEMA, SERDE};

/// The keys of one attribute.
pub(crate) struct Grammar {
    /// `event` in `#[event(..)]`.
    pub(crate) attr: &'static str,
    /// How messages call it.
    pub(crate) shown: &'static str,
    pub(crate) keys: &'static [Key],
}

/// A key, where it may stand, and what it takes. The same name may have several entries, for different places.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) on: &'static [Place],
    pub(crate) form: Form,
    /// How it is written, for messages.
    pub(crate) example: &'static str,
    pub(crate) repeats: bool,
}

/// What an attribute stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Struct,
    Enum,
    Variant,
    Field,
}

/// What follows a key.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Nothing.
    Flag,
    /// A string.
    Str,
    /// A string, and nothing else: serde's `(serialize = .., deserialize = ..)` would give one thing two names.
    Name,
    /// Nothing, or a string.
    FlagOrStr,
    /// A whole number.
    Int,
    /// A type, bare or in a string.
    Type,
    /// A path, bare or in a string.
    Path,
    /// `(1 = A, 2 = B)`.
    Steps,
    /// `("tag", versions = 1..=2)`.
    Retired,
    /// `(key = value, ..)`, with keys of its own.
    Keys(&'static Grammar),
    /// Something serde alone has to understand.
    Opaque,
    /// A mistake, for this reason.
    Refused(&'static str),
}

/// The value of a key.
pub(crate) enum Value {
    Flag,
    Str(LitStr),
    Int(LitInt),
    Type(Type),
    Path(Path),
    Steps(Vec<Step>),
    Retired(Retired),
    Keys(Items),
    Opaque,
}

/// One step of `upcast(..)`: the type that an old version is read as.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) version: LitInt,
    pub(crate) ty: Type,
}

/// A tag that history may hold, with its first and last version.
#[derive(Clone)]
pub(crate) struct Retired {
    pub(crate) tag: LitStr,
    pub(crate) first: LitInt,
    pub(crate) last: LitInt,
}

/// A key with its value, and both as they were written.
pub(crate) struct Item {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    pub(crate) tokens: TokenStream,
}

/// The keys of one attribute in one place.
#[derive(Default)]
pub(crate) struct Items {
    list: Vec<Item>,
    /// Keys that were misspelled or have a faulty value; that is reported, and they are not missing.
    faulty: Vec<&'static str>,
}

impl Items {
    /// Whether the key was written, be it with a mistake.
    pub(crate) fn was_given(&self, name: &str) -> bool {
        self.has(name) || self.faulty.contains(&name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Item> {
        self.list.iter()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Item> {
        self.list.iter().find(|item| item.key == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn str(&self, name: &str) -> Option<&LitStr> {
        match self.get(name) {
            Some(Item { value: Value::Str(text), .. }) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn int(&self, name: &str) -> Option<&LitInt> {
        match self.get(name) {
            Some(Item { value: Value::Int(number), .. }) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn ty(&self, name: &str) -> Option<&Type> {
        match self.get(name) {
            Some(Item { value: Value::Type(ty), .. }) => Some(ty),
            _ => None,
        }
    }

    pub(crate) fn path(&self, name: &str) -> Option<&Path> {
        match self.get(name) {
            Some(Item { value: Value::Path(path), .. }) => Some(path),
            _ => None,
        }
    }

    /// The values of `alias`, which may be given many times.
    pub(crate) fn strs(&self, name: &str) -> Vec<&LitStr> {
        self.list
            .iter()
            .filter(|item| item.key == name)
            .filter_map(|item| if let Value::Str(text) = &item.value { Some(text) } else { None })
            .collect()
    }
}
