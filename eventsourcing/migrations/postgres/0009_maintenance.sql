-- What keeps the log and what was derived from it in agreement: erased events leave no snapshot, and no append gets a
-- position at which readers have been.

-- The event at the snapshot's version, without which it is worth nothing. Null where a release before this one wrote it.
alter table snapshots add column event_id uuid;
comment on column snapshots.event_id is
    'the event at the snapshot''s version: without it the snapshot does not count; null where an older release wrote it';

-- A snapshot holds what its events said. It goes with them, in the same transaction; the next save makes another one.
create function remove_snapshots() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- The table's own schema, whatever it is called.
    if tg_op = 'TRUNCATE' then
        execute format('delete from %I.snapshots', tg_table_schema);
    else
        execute format(
            'delete from %I.snapshots s using (select distinct c.stream_id from changed c) c where s.stream_id = c.stream_id',
            tg_table_schema
        );
    end if;
    return null;
end
$$;

-- One for each kind of change: a trigger that sees the changed rows cannot be for several.
create trigger erased_events_leave_no_snapshot
    after delete on events referencing old table as changed
    for each statement execute function remove_snapshots();

create trigger changed_events_leave_no_snapshot
    after update on events referencing old table as changed
    for each statement execute function remove_snapshots();

create trigger truncated_events_leave_no_snapshot
    after truncate on events
    for each statement execute function remove_snapshots();

alter table events enable always trigger erased_events_leave_no_snapshot;
alter table events enable always trigger changed_events_leave_no_snapshot;
alter table events enable always trigger truncated_events_leave_no_snapshot;

-- Ends an append whose position is not above the end of the log, so that nothing of it is stored.
create function refuse_position(refused bigint, log bigint) returns bigint
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'the sequence of positions is behind the log'
        using errcode = 'ES002',
              -- The two numbers, in this order, are for the store to read.
              detail = format('position %s is not above %s', refused, log),
              hint = 'repair() sets the sequence to the end of the log';
end
$$;
