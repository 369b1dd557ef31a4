-- Which log this is: a file in the place of another one is another history.

create table eventsourcing_history (
    -- One row.
    one integer primary key check (one = 1),
    id  blob    not null check (length(id) = 16)
) strict;

insert into eventsourcing_history (one, id) values (1, randomblob(16));
