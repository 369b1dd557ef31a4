-- Which types of events the log holds, in which versions, so that nobody has to scan the log to know.

create table eventsourcing_event_types (
    tag            text    not null,
    schema_version integer not null,
    -- The first event of the type.
    first_position integer not null,
    primary key (tag, schema_version)
) strict, without rowid;

create trigger eventsourcing_events_register_their_type after insert on eventsourcing_events
begin
    insert into eventsourcing_event_types (tag, schema_version, first_position)
    values (new.tag, new.schema_version, new.position)
    on conflict (tag, schema_version) do nothing;
end;

-- Immutable as the events are: a type that is not listed would look as if no event had it.
create trigger eventsourcing_event_types_are_not_changed before update on eventsourcing_event_types
when not exists (select 1 from eventsourcing_maintenance)
begin
    select raise(abort, 'the list of stored types is as immutable as the events are');
end;

create trigger eventsourcing_event_types_are_not_removed before delete on eventsourcing_event_types
when not exists (select 1 from eventsourcing_maintenance)
begin
    select raise(abort, 'the list of stored types is as immutable as the events are');
end;
