-- The log: every event of every stream, in one total order.
--
-- Unqualified on purpose: migrations run with the store's own schema as their search path.

-- One value at a time (cache 1): a cached range would hand out positions against the order of commits for good,
-- and readers would wait for values that a session keeps for later.
create sequence events_position as bigint cache 1;

create table events (
    position       bigint      not null default nextval('events_position') primary key,
    version        bigint      not null check (version >= 1),
    recorded_at    timestamptz not null default clock_timestamp(),
    event_id       uuid        not null,
    schema_version integer     not null check (schema_version between 1 and 65535),
    -- "C": identity and order are those of the bytes, and comparing is cheap.
    stream_id      text        collate "C" not null check (octet_length(stream_id) between 1 and 512),
    tag            text        collate "C" not null check (octet_length(tag) between 1 and 255),
    correlation_id text,
    causation_id   text,
    metadata       json,
    -- json, not jsonb: the text stays as it was written.
    payload        json        not null,
    -- The fence against two writers of one version, and the index by which streams are read.
    constraint events_stream_id_version_key unique (stream_id, version)
);

alter sequence events_position owned by events.position;
