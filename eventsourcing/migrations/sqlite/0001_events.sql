-- Every event of every stream, in one total order.
--
-- The names have a prefix because an application keeps its own tables in the same file.

create table eventsourcing_events (
    -- Place in the total order. `autoincrement`: what was committed once is never given again, not even after an erasure.
    position       integer primary key autoincrement check (position >= 1),
    -- Place in the stream, from 1, without gaps.
    version        integer not null check (version >= 1),
    -- Microseconds since 1970, by the clock of the process that appended; not the order of the log.
    recorded_at    integer not null,
    -- By which an append that is repeated is known.
    event_id       blob    not null check (length(event_id) = 16),
    -- In which version of its shape the payload is stored.
    schema_version integer not null check (schema_version between 1 and 65535),
    -- A category, `/`, an id: each at least one character.
    stream_id      text    not null check (length(cast(stream_id as blob)) between 1 and 512 and instr(stream_id, '/') between 2 and length(stream_id) - 1),
    tag            text    not null check (length(cast(tag as blob)) between 1 and 255),
    correlation_id text,
    causation_id   text,
    -- Entries of the application, text to text.
    metadata       text,
    -- The event as JSON, byte for byte as it was written.
    payload        text    not null,
    constraint eventsourcing_stream_version unique (stream_id, version)
) strict;
