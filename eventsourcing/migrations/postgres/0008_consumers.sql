-- Whose a checkpoint is, which events it declares, and which event it stands at.
--
-- All of it may be null, and is in the rows of a release that does not know these columns: unknown.

alter table checkpoints
    add column kind           text,
    -- An object with a member for each tag: {"version": the newest version known, "after": see below}.
    add column declared       json,
    -- The event at the checkpoint. Its position is repeated because an older release moves `position` alone.
    add column event_position bigint,
    add column event_id       uuid;
