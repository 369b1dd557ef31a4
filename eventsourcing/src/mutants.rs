//! Rules left out on purpose, so that the tests can be seen to notice it. `scripts/mutants` builds with
//! `--cfg eventsourcing_mutants` and names one rule at a time; in any other build nothing here does anything.

use crate::vocabulary::same;

/// Whether this build is to do without the named rule. Rules run at compile time, so it is named when the crate is built.
pub(crate) const fn without(rule: &str) -> bool {
    cfg!(eventsourcing_mutants)
        && match option_env!("EVENTSOURCING_WITHOUT_RULE") {
            Some(left_out) => same(left_out, rule),
            None => false,
        }
}
