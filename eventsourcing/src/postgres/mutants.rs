//! Deliberate faults, so that the tests can be seen to notice them. `scripts/mutants` builds with
//! `--cfg eventsourcing_mutants` and names one fault at a time; in any other build nothing here does anything.

/// Whether this build is to have the named fault.
pub(super) fn has(name: &str) -> bool {
    cfg!(eventsourcing_mutants) && std::env::var_os("EVENTSOURCING_MUTANT").is_some_and(|mutant| mutant == name)
}
