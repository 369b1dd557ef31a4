//! Floor 1: `events.lock`: the shapes that stored events have, beside the code that must read them.
//!
//! The derive compares them while the crate compiles. What is here keeps the file up to date and runs as a test of the
//! user's crate, so a build of the program itself need not compile it: it comes with the feature `lock`.

mod accept;
pub(crate) mod accepts;
mod adapters;
mod canonical;
mod claims;
mod defaults;
mod file;
mod fresh;
mod list;
pub(crate) mod notes;
mod place;
mod places;
mod render;
pub(crate) mod replay;
mod samples;
mod section;
mod targets;
mod write;

#[doc(hidden)]
pub use fresh::is_fresh;
pub use replay::history_is_readable;
pub use samples::payloads;

pub(crate) use crate::compiled::{Compiled, Lock};
pub use crate::compiled::{Failure, LockedEvent};

/// The one command that writes the lock.
pub const COMMAND: &str = "EVENTS_LOCK=write cargo test events_lock";

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
