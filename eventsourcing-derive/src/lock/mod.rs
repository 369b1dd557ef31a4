//! `events.lock` as the compiler sees it: the sections of the file, and in them the shapes that were stored.
//! Knows nothing of the code that it is compared with.

mod file;
mod manifest;
mod parse;
mod shape;
mod text;

pub(crate) use file::{Location, Section, section, sections};
pub(crate) use manifest::Features;
pub(crate) use shape::{Behind, Field, Shape, Variant};

/// A version of an event that may be in history.
pub(crate) struct LockedEvent {
    pub(crate) tag: String,
    pub(crate) version: u16,
    pub(crate) shape: Shape,
}

/// Why a lock cannot be used, and what to do about it; names the file and the line.
pub(crate) struct Fault(pub(crate) String);

/// The package whose lock it is. Cargo compiles anew when the name changes.
pub(crate) fn package() -> String {
    std::env::var("CARGO_PKG_NAME").unwrap_or_default()
}

/// The one command that writes the lock.
pub(crate) const COMMAND: &str = "EVENTS_LOCK=write cargo test events_lock";

/// A file that nobody would have written like this.
fn damaged(line: usize, what: &str) -> Fault {
    Fault(format!(
        "events.lock:{line}: {what}; the file is written by a command and not by hand: restore the committed one (`git checkout events.lock`), then run `{COMMAND}`"
    ))
}
