//! Rules left out on purpose, as in `mutants` of the library.

/// Whether this build is to do without the named rule.
pub(crate) fn without(rule: &str) -> bool {
    cfg!(eventsourcing_mutants) && option_env!("EVENTSOURCING_WITHOUT_RULE") == Some(rule)
}
