-- For the role `app`, on a store in the schema `eventsourcing` that another role has migrated.
grant usage on schema eventsourcing to app;
grant select, insert on eventsourcing.events, eventsourcing.event_types to app;
-- `usage` to append, `select` to follow the log.
grant usage, select on sequence eventsourcing.events_position to app;
-- To follow the log at once, also while others write; without `update` it works only where another role keeps the mark.
grant select, update on eventsourcing.settled to app;
-- For aggregates with snapshots.
grant select, insert, update on eventsourcing.snapshots to app;
-- For projections.
grant select, insert, update on eventsourcing.checkpoints to app;
-- For `verify()`.
grant select on eventsourcing._migrations to app;
