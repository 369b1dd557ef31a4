-- How far the log is known to be settled: where a reader that starts can begin at once, whoever is writing.
--
-- Tailers write it, about once a second and never inside an append; without it everything works, only slower. It is a hint
-- that has to prove itself: it counts only while the event that it names stands at its position.

create table settled (
    -- One row.
    id           boolean primary key default true check (id),
    -- Every position up to this one has been decided: its event is committed, or there will be none. Null at first.
    position     bigint check (position >= 1),
    -- The event that stands there.
    event_id     uuid,
    -- The timeline of the server on which a tailer was last seen, and which positions the timeline before it may have
    -- given to events that are lost: those after `forked_after`, up to `forked_until`.
    timeline     text,
    forked_after bigint check (forked_after >= 1),
    forked_until bigint check (forked_until >= 1),
    check ((position is null) = (event_id is null))
);

insert into settled default values;
