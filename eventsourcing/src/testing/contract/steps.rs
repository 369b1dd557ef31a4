//! What the checks write and read, step by step.

use crate::{
    port::{
        Append, AppendError, Appended, Backend, Direction, Filter, LogQuery, Page, Stored, StoredEvent, StreamQuery,
        Via,
    },
    vocabulary::{Encoded, ExpectedVersion, GlobalPosition, NewEvent, SchemaVersion, StreamId, StreamVersion, Tag},
};

pub(super) fn stream_id(text: &str) -> StreamId {
    text.parse().expect("the contract writes valid stream ids")
}

pub(super) fn version(number: i64) -> StreamVersion {
    StreamVersion::new(number).expect("the contract writes valid versions")
}

/// An event with this tag and this JSON text.
pub(super) fn event(tag: &'static str, payload: &str) -> NewEvent<Encoded<Vec<u8>>> {
    NewEvent::new(Encoded {
        tag: Tag::from_static(tag),
        schema_version: SchemaVersion::FIRST,
        payload: payload.as_bytes().to_vec(),
    })
}

/// Events `{"n":1}`, `{"n":2}`, ..
pub(super) fn events(count: usize) -> Vec<NewEvent<Encoded<Vec<u8>>>> {
    (1..=count).map(|n| event("counted", &format!("{{\"n\":{n}}}"))).collect()
}

pub(super) fn append(stream: &str, expected: ExpectedVersion, events: Vec<NewEvent<Encoded<Vec<u8>>>>) -> Append {
    Append { stream_id: stream_id(stream), expected, events }
}

/// Appends one, on a connection of the store's own.
pub(super) async fn run<B: Backend>(store: &B, append: Append) -> Result<Appended, AppendError> {
    let appends = [append];
    let mut results = store.append(Via::Store, &appends).await?;
    assert_eq!(results.len(), 1, "one append has one result");
    results.remove(0)
}

/// Appends one that is expected to succeed; the position of its last event.
pub(super) async fn append_events<B: Backend>(store: &B, stream: &str, count: usize) -> GlobalPosition {
    let appended = run(store, append(stream, ExpectedVersion::Any, events(count))).await;
    appended.expect("the append is allowed").position.expect("events have positions")
}

pub(super) async fn read_stream<B: Backend>(store: &B, query: StreamQuery) -> Vec<StoredEvent<B::Payload>> {
    events_of(store.read_stream(Via::Store, query).await.expect("the stream is readable"))
}

pub(super) async fn read_log<B: Backend>(store: &B, query: LogQuery) -> Vec<StoredEvent<B::Payload>> {
    events_of(store.read_log(query).await.expect("the log is readable"))
}

pub(super) fn events_of<P>(page: Page<P>) -> Vec<StoredEvent<P>> {
    let events = page.events.into_iter().map(Stored::into_event);
    events.collect::<Result<_, _>>().expect("the contract writes no malformed rows")
}

pub(super) fn whole_stream(stream: &str) -> StreamQuery {
    StreamQuery {
        stream_id: stream_id(stream),
        from: None,
        until: None,
        direction: Direction::Forwards,
        limit: i64::MAX,
    }
}

pub(super) fn whole_log(filter: Filter) -> LogQuery {
    LogQuery { filter, from: None, until: None, direction: Direction::Forwards, limit: i64::MAX }
}

pub(super) fn versions<P>(events: &[StoredEvent<P>]) -> Vec<i64> {
    events.iter().map(|event| event.version.get()).collect()
}
