-- Stored events are immutable: the database itself refuses to change, remove or replace them.

-- While it has a row, the log may be changed: an explicit maintenance, within one transaction.
--
--   begin immediate;
--   insert into eventsourcing_maintenance (open) values (1);
--   delete from eventsourcing_events where ..;
--   delete from eventsourcing_maintenance;
--   commit;
create table eventsourcing_maintenance (
    open     integer primary key check (open = 1),
    -- Names a row that there never is, so a commit that leaves the maintenance open fails where foreign keys are enforced.
    must_end integer not null default 0 references eventsourcing_maintenance (open) deferrable initially deferred
) strict;

create trigger eventsourcing_events_are_not_changed before update on eventsourcing_events
when not exists (select 1 from eventsourcing_maintenance)
begin
    select raise(abort, 'stored events are immutable: append an event that corrects; a maintenance begins with a row in eventsourcing_maintenance');
end;

create trigger eventsourcing_events_are_not_removed before delete on eventsourcing_events
when not exists (select 1 from eventsourcing_maintenance)
begin
    select raise(abort, 'stored events are immutable: append an event that corrects; a maintenance begins with a row in eventsourcing_maintenance');
end;

-- `insert or replace` removes rows without the trigger above. No row is replaced by the next version of its stream, at a
-- position of its own.
create trigger eventsourcing_events_have_the_next_version before insert on eventsourcing_events
when new.version <> coalesce((select max(version) from eventsourcing_events where stream_id = new.stream_id), 0) + 1
    and not exists (select 1 from eventsourcing_maintenance)
begin
    select raise(abort, 'an event has the next version of its stream');
end;

-- The counter moves at the end of a statement, so what it gives out is above it here.
create trigger eventsourcing_events_have_a_new_position after insert on eventsourcing_events
when new.position <= coalesce((select seq from sqlite_sequence where name = 'eventsourcing_events'), 0)
    and not exists (select 1 from eventsourcing_maintenance)
begin
    select raise(abort, 'readers have passed this position: leave it out, and the database gives a new one');
end;
