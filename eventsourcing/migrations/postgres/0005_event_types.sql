-- Which types of events the log holds, in which versions: registered by the append that stores the first of them, in the
-- same statement, so that nobody has to scan the log to know.

-- No unique key: it would let the first append of a type wait for another one's transaction, or deadlock with it. So a
-- type may be listed more than once, by appends that did not see each other; readers take the least position.
create table event_types (
    tag            text    collate "C" not null check (octet_length(tag) between 1 and 255),
    schema_version integer not null check (schema_version between 1 and 65535),
    -- The first event that the registering append stored.
    first_position bigint  not null check (first_position >= 1)
);

insert into event_types (tag, schema_version, first_position)
select tag, schema_version, min(position) from events group by tag, schema_version;

-- Immutable as the events are: a type that is not listed would look as if no event had it.
create trigger event_types_are_immutable
    before update or delete or truncate on event_types
    for each statement execute function refuse_change();

alter table event_types enable always trigger event_types_are_immutable;
