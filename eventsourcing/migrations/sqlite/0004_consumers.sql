-- How far each named consumer has come, and which events it declares.

create table eventsourcing_checkpoints (
    name           text    primary key,
    -- The last position handled; null before the first event.
    position       integer check (position >= 1),
    -- The fencing token: raised by each reset and each declaration, so that a worker from before it can move nothing.
    token          integer not null default 0,
    -- Microseconds since 1970.
    updated_at     integer not null,
    kind           text,
    -- An object with a member for each tag: {"version": the newest version known, "after": what it went by unseen}.
    declared       text,
    -- The event at the checkpoint: another one in its place is another history.
    event_id       blob    check (length(event_id) = 16)
) strict;
