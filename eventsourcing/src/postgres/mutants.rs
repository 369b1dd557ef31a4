//! Deliberate faults, so that the tests can be seen to notice them. `scripts/mutants` builds with
//! `--cfg eventsourcing_mutants` and names one fault at a time; in any other build nothing here does anything.

use super::sql::Sql;

/// Whether this build is to have the named fault.
pub(super) fn has(name: &str) -> bool {
    cfg!(eventsourcing_mutants) && std::env::var_os("EVENTSOURCING_MUTANT").is_some_and(|mutant| mutant == name)
}

/// The statement that names the writers, with the fault that is asked for.
pub(super) fn writers(sql: &Sql) -> Sql {
    if has("by_process") {
        sql.replaced("select l.virtualtransaction", "select l.pid::pg_catalog.text")
            .replaced("where ", "where l.pid is not null and ")
    } else if has("any_database") {
        sql.replaced("l.database operator(pg_catalog.=) $1::pg_catalog.oid", "$1::pg_catalog.oid is not null")
    } else {
        sql.clone()
    }
}
