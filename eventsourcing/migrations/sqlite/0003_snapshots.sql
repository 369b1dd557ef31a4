-- Cached states of aggregates: disposable, one for each stream.

create table eventsourcing_snapshots (
    stream_id    text    primary key,
    version      integer not null check (version >= 1),
    -- The event at the version, without which the state does not count.
    event_id     blob    not null check (length(event_id) = 16),
    -- Which code can read it: the author's version of the fold, and the fingerprint of the state's schema.
    fold_version integer not null,
    fingerprint  integer not null,
    state        text    not null
) strict;

-- A snapshot holds what its events said. It goes with them, in the same transaction; the next save makes another one.
create trigger eventsourcing_removed_events_leave_no_snapshot after delete on eventsourcing_events
begin
    delete from eventsourcing_snapshots where stream_id = old.stream_id;
end;

create trigger eventsourcing_changed_events_leave_no_snapshot after update on eventsourcing_events
begin
    delete from eventsourcing_snapshots where stream_id in (old.stream_id, new.stream_id);
end;
