//! Floor 1: `events.lock`: the shapes that stored events have, beside the code that must read them.
//!
//! The derive compares them while the crate compiles; what is here keeps the file up to date, and runs as a test of the
//! user's crate.

mod accept;
pub(crate) mod accepts;
mod adapters;
mod canonical;
mod claims;
mod defaults;
mod file;
mod fresh;
mod list;
mod notes;
mod place;
mod places;
mod render;
pub(crate) mod replay;
mod samples;
mod section;
mod targets;
mod write;

use std::fmt;

#[doc(hidden)]
pub use fresh::is_fresh;
pub use replay::history_is_readable;
pub use samples::payloads;

use crate::schema::{Event, Shape};

/// The one command that writes the lock.
pub const COMMAND: &str = "EVENTS_LOCK=write cargo test events_lock";

/// A version of an event that may be in history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the derive builds it")]
pub struct LockedEvent {
    /// The stored name.
    pub tag: &'static str,
    /// The schema version.
    pub version: u16,
    /// What its payloads look like.
    pub shape: &'static Shape,
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

impl Lock {
    /// The command that writes the lock from this build, with what is compiled in it.
    fn command(&self) -> String {
        let features: Vec<&str> = self.features.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| *name).collect();
        if features.is_empty() {
            return COMMAND.to_owned();
        }
        COMMAND.replace(" events_lock", &format!(" --features {} events_lock", features.join(",")))
    }
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
