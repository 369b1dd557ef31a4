//! The code between a type and a shape that is stated for it: a `with` module, an adapter of `serde_with`, or an
//! implementation of serde's traits by hand. A stated shape stays when that code changes, so a lock holds its name, and
//! what it reads.

use std::{fmt, marker::PhantomData};

use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Value, de::StrRead};

/// What reads a [`Shape::Stated`](crate::schema::shape::Shape::Stated). It is no part of the shape: all of them are equal, and
/// no fingerprint tells.
#[derive(Clone, Copy)]
pub struct Adapter(Kind);

#[derive(Clone, Copy)]
enum Kind {
    /// Nothing is known of it.
    Unknown,
    /// The code's: its name, and whether it reads this JSON.
    Code(&'static str, Reads),
    /// What a lock says.
    Locked(&'static str),
}

/// Whether the code reads this JSON, or what it says to it.
type Reads = fn(&str) -> Result<(), String>;

impl Adapter {
    /// Nothing is known of it: the type depends on parameters, or the schema is written by hand.
    pub const UNKNOWN: Self = Self(Kind::Unknown);

    /// The adapter with this name, and whether it reads this JSON. It is asked by the tests of a lock alone.
    pub const fn of(name: &'static str, reads: Reads) -> Self {
        Self(Kind::Code(name, reads))
    }

    /// A lock that says `stated (text) shape`.
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

    /// What it has read of the values that were tried when it was locked; none where it has read them all.
    pub(crate) fn samples(&self) -> Vec<Value> {
        self.text().and_then(|text| Locked::parse(text).samples).unwrap_or_default()
    }

    /// The adapter of the code.
    pub(crate) const fn code(&self) -> Option<(&'static str, Reads)> {
        match self.0 {
            Kind::Code(name, reads) => Some((name, reads)),
            _ => None,
        }
    }
}

/// What a lock says of an adapter: `with as_text, reads ["0"]`.
pub(crate) struct Locked<'a> {
    pub(crate) name: &'a str,
    /// What it has read; `None` for all that was tried.
    pub(crate) samples: Option<Vec<Value>>,
}

impl<'a> Locked<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let (name, samples) = match (text.strip_prefix("reads "), text.split_once(", reads ")) {
            (Some(samples), _) => ("", samples),
            (None, Some(parts)) => parts,
            (None, None) => (text, "[]"),
        };
        Self { name, samples: (samples != "any").then(|| serde_json::from_str(samples).unwrap_or_default()) }
    }
}

impl PartialEq for Adapter {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Adapter {}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adapter")
    }
}

/// Whether a function reads the JSON; for generated code.
///
/// # Errors
///
/// Why it does not.
pub fn reads_by<T>(
    json: &str,
    read: impl FnOnce(&mut Deserializer<StrRead<'_>>) -> Result<T, serde_json::Error>,
) -> Result<(), String> {
    let mut deserializer = Deserializer::from_str(json);
    match read(&mut deserializer).and_then(|_| deserializer.end()) {
        Ok(()) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// A type that may read JSON: generated code calls `(&&Read::<T>::new()).reads(json)`, which prefers the type's own `Deserialize`.
#[derive(Debug, Default)]
pub struct Read<T>(PhantomData<fn() -> T>);

impl<T> Read<T> {
    /// Stands for the type.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// By its `Deserialize`.
pub trait ReadByType {
    /// Whether the type reads this JSON.
    ///
    /// # Errors
    ///
    /// Why it does not.
    fn reads(&self, json: &str) -> Result<(), String>;
}

impl<T: DeserializeOwned> ReadByType for &Read<T> {
    fn reads(&self, json: &str) -> Result<(), String> {
        serde_json::from_str::<T>(json).map(drop).map_err(|error| error.to_string())
    }
}

/// A type that is only written reads nothing.
pub trait NotRead {
    /// Always an error.
    ///
    /// # Errors
    ///
    /// That it is never read.
    fn reads(&self, json: &str) -> Result<(), String>;
}

impl<T> NotRead for Read<T> {
    fn reads(&self, _: &str) -> Result<(), String> {
        Err("it is never read".to_owned())
    }
}
