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

comment on column checkpoints.kind is 'What the consumer is, such as `projection`; null when no release has said it.';
comment on column checkpoints.declared is
    'The tags that the consumer declares, each with the newest version that it reads and with the position up to which it was passed over unseen (`after`, null when there is none); null when no release has said it.';
comment on column checkpoints.event_position is 'The position that `event_id` belongs to.';
comment on column checkpoints.event_id is
    'The event at the checkpoint: another one at that position is another history.';
comment on column checkpoints.token is
    'The fencing token: raised by each reset and each change of `declared`, so that a worker from before it can move nothing.';
