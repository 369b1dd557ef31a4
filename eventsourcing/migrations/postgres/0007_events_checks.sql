-- What no release writes is refused, so that no reader comes upon it.

-- Not valid: rows that are there already are not read, so migrating is quick and an odd old row does not prevent it.
alter table events
    add constraint events_position_check check (position >= 1) not valid,
    -- A category, `/`, an id: each at least one character.
    add constraint events_stream_id_form check (stream_id like '%/_%' and stream_id not like '/%') not valid,
    add constraint events_metadata_form check (metadata is null or json_typeof(metadata) = 'object') not valid;

-- A position that somebody has chosen, ahead of the sequence: readers would pass it, and later appends would get positions
-- behind them, which they would never see.
create function refuse_given_position() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- The same exception as in refuse_change().
    if current_setting('eventsourcing.maintenance', true) = pg_current_xact_id()::text
        and pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'USAGE')
    then
        return new;
    end if;
    raise exception 'position % is ahead of the sequence events_position, which gives out the positions of events', new.position
        using errcode = 'ES003',
              hint = 'leave the position out; or, to restore events with their positions, set the sequence to the last of them first, with setval()';
end
$$;

-- The condition is evaluated without calling the function, and a position from the sequence never meets it. Not `enable
-- always`: a subscriber of a logical replication gets rows with their positions, and a sequence of its own that lags behind.
create trigger events_position_is_given
    before insert on events
    for each row
    when (new.position > coalesce(pg_sequence_last_value('events_position'::regclass), 0))
    execute function refuse_given_position();
