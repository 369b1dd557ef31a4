-- Cached states of aggregates: disposable, one for each stream.

create table snapshots (
    stream_id    text    collate "C" not null primary key,
    version      bigint  not null check (version >= 1),
    -- Which code can read it: the author's version of the fold, and the fingerprint of the state's schema.
    fold_version bigint  not null,
    fingerprint  bigint  not null,
    state        json    not null
);
