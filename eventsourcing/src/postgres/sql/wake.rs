//! Notifications for other processes.

pub(super) const NOTIFY: &str = "select pg_catalog.pg_notify($1, $2)";
