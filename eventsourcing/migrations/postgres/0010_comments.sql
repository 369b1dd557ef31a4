-- What somebody finds who looks at the tables without the library at hand.

comment on table events is 'every event of every stream, in one total order; immutable but for an explicit maintenance';
comment on column events.position is 'place in the total order, given out by events_position; gaps were rolled back';
comment on column events.version is 'place in the stream, from 1, without gaps';
comment on column events.recorded_at is 'when the event was inserted, by the clock of the server; not the order of the log';
comment on column events.event_id is 'id of the event, by which an append that is repeated is known';
comment on column events.schema_version is 'in which version of its shape the payload is stored, from 1';
comment on column events.stream_id is 'category/id: which stream the event belongs to';
comment on column events.tag is 'stable name of the type of event';
comment on column events.correlation_id is 'which conversation the event belongs to';
comment on column events.causation_id is 'what the event was a direct consequence of';
comment on column events.metadata is 'entries of the application, text to text';
comment on column events.payload is 'the event as JSON, byte for byte as it was written';
comment on sequence events_position is 'gives out positions, one at a time; repair() sets it right when it is behind the log';

comment on table event_types is
    'which types of events the log holds in which versions; registered by the append that stores the first of them';
comment on column event_types.tag is 'stable name of the type of event';
comment on column event_types.schema_version is 'one of the versions in which it is stored';
comment on column event_types.first_position is 'first event of the append that registered it; the least of several rows counts';

comment on table snapshots is 'states of aggregates, made from their events; all of them can be deleted at any time';
comment on column snapshots.stream_id is 'the stream of the aggregate';
comment on column snapshots.version is 'version of the last event in the state';
comment on column snapshots.fold_version is 'version of the fold that made the state, given by the author of the aggregate';
comment on column snapshots.fingerprint is 'fingerprint of the schema of the state';
comment on column snapshots.state is 'the state as JSON';
comment on column snapshots.event_id is 'the event at the version, without which the state does not count';

comment on table checkpoints is 'how far each named consumer has come';
comment on column checkpoints.name is 'name of the consumer';
comment on column checkpoints.position is 'last position that is handled or passed over; null before the first event';
comment on column checkpoints.token is 'fencing token: raised by a reset or a new declaration, so that a worker from before it moves nothing';
comment on column checkpoints.updated_at is 'when the checkpoint last moved';
comment on column checkpoints.kind is 'what the consumer is, such as a projection; null where nobody has declared it yet';
comment on column checkpoints.declared is
    'the tags that the consumer takes, each with the newest version it reads and the position up to which it went by unseen';
comment on column checkpoints.event_position is 'the position to which event_id belongs';
comment on column checkpoints.event_id is 'id of the last event that was handled: another one in its place is another history';

comment on table settled is 'how far the log is known to be settled: a hint that saves readers a wait; one row';
comment on column settled.id is 'true: there is one row';
comment on column settled.position is 'every position up to this one has been decided';
comment on column settled.event_id is 'the event at the position, without which the mark does not count';
comment on column settled.timeline is 'system, database and timeline of the server on which the log was last followed';
comment on column settled.forked_after is 'every event up to here is in this timeline';
comment on column settled.forked_until is 'from there up to here, the timeline before may have had events that are lost';

comment on function begin_maintenance() is
    'allows the owner of the log to change stored events, until the end of the transaction';
comment on function refuse_change() is 'trigger: stored events are changed in an explicit maintenance only (ES001)';
comment on function refuse_given_position() is 'trigger: positions ahead of the sequence are refused (ES003)';
comment on function refuse_position(bigint, bigint) is
    'ends an append whose position is not above the end of the log (ES002); repair() sets the sequence right';
comment on function remove_snapshots() is 'trigger: changed or erased events leave no snapshot of their streams';
