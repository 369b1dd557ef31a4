//! What the generated tests of a lock do in a build without the feature `lock`: they fail and name it. A lock that nobody
//! tests would fall behind its code in silence.

use super::{Compiled, Failure};

/// Stands for the comparison of the lock with the code.
pub fn lock_is_fresh<E: Compiled>() -> Result<(), Failure> {
    cannot_run(E::LOCK.type_name)
}

/// Stands for the replay of what is locked.
pub fn locked_history_is_readable<E: Compiled>() -> Result<(), Failure> {
    cannot_run(E::LOCK.type_name)
}

fn cannot_run(type_name: &str) -> Result<(), Failure> {
    Err(Failure::new(format!(
        "the tests of `events.lock` cannot run for `{type_name}`, because this build is without the feature `lock` of \
         `eventsourcing`; turn it on for tests: `cargo add --dev eventsourcing --features lock`"
    )))
}
