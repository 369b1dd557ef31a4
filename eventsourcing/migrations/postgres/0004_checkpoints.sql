-- How far each named consumer has come.

create table checkpoints (
    name       text        collate "C" not null primary key,
    -- The last position handled; null before the first event.
    position   bigint      check (position >= 1),
    -- The fencing token: raised by each reset, so that a worker from before it can move nothing.
    token      bigint      not null default 0,
    updated_at timestamptz not null default now()
);
