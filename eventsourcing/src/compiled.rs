//! Floor 1: what an event type was compiled with, for the tests that the derive writes beside it. It is there without the
//! feature `lock` as well, so that those tests compile and can name the feature.

use std::fmt;

use crate::schema::{Event, Shape};

/// A version of an event that may be in history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockedEvent {
    /// The stored name.
    pub tag: &'static str,
    /// The schema version.
    pub version: u16,
    /// What its payloads look like.
    pub shape: &'static Shape,
}

impl LockedEvent {
    /// The version of the event with this tag, and what its payloads look like.
    #[must_use]
    pub const fn new(tag: &'static str, version: u16, shape: &'static Shape) -> Self {
        Self { tag, version, shape }
    }
}

/// What an event type was compiled with.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the derive builds it")]
pub struct Lock {
    /// The name of the type, for messages.
    pub type_name: &'static str,
    /// The name of its section.
    pub section: &'static str,
    /// The file, if there was one.
    pub compiled: Option<&'static [u8]>,
    /// The folder of the crate's manifest.
    pub manifest_dir: &'static str,
    /// The source file of the type, as the compiler names it.
    pub source: &'static str,
    /// What the section holds.
    pub events: &'static [LockedEvent],
    /// Whether an `events_lock!` of the crate names the type.
    pub is_listed: bool,
    /// The module of the type, the crate first.
    pub module: &'static str,
    /// The features of the package that are not there by default, and whether they are now.
    pub features: &'static [(&'static str, bool)],
}

/// An event type with a section in a lock, in a build of tests.
pub trait Compiled: Event {
    /// What it was compiled with.
    const LOCK: Lock;
}

/// Why a test of the lock fails, in words for the author: what is shown of a test that returns an error.
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(message: String) -> Self {
        Self(message)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
