-- Stored events are immutable: the database itself refuses to change or remove them.

-- What begins an explicit maintenance operation. It holds for the current transaction only, because it names it.
create function begin_maintenance() returns void
    language sql
as $$
    select pg_catalog.set_config(
        'eventsourcing.maintenance', pg_catalog.pg_current_xact_id()::pg_catalog.text, true
    )
$$;

create function refuse_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    -- Maintenance is for the role that owns the log, and for the transaction that has asked for it.
    if current_setting('eventsourcing.maintenance', true) = pg_current_xact_id()::text
        and pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'USAGE')
    then
        return null;
    end if;
    raise exception 'stored events are immutable: % on % is refused', tg_op, tg_table_name
        using errcode = 'ES001',
              hint = 'append an event that corrects; or, as the owner of the log, call begin_maintenance() in the same transaction';
end
$$;

create trigger events_are_immutable
    before update or delete or truncate on events
    for each statement execute function refuse_change();

-- Also for sessions that replicate or restore with triggers turned off.
alter table events enable always trigger events_are_immutable;
