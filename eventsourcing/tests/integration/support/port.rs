//! Appending and reading through the port, for tests below the typed handles.

use eventsourcing::{
    Encoded, EventId, ExpectedVersion, NewEvent, SchemaVersion, StreamId, StreamVersion, Tag,
    port::{Append, AppendError, Appended, Backend, Page, StoredEvent, StreamQuery, Via},
};

pub(crate) fn id(text: &str) -> StreamId {
    text.parse().unwrap()
}

pub(crate) fn exact(number: i64) -> ExpectedVersion {
    ExpectedVersion::Exact(StreamVersion::new(number).unwrap())
}

/// `{"n":1}`, `{"n":2}`, .., as events.
pub(crate) fn events(count: usize) -> Vec<NewEvent<Encoded<Vec<u8>>>> {
    (1..=count).map(|n| event("counted", &format!("{{\"n\":{n}}}"))).collect()
}

pub(crate) fn event(tag: &'static str, payload: &str) -> NewEvent<Encoded<Vec<u8>>> {
    let tag = Tag::from_static(tag);
    NewEvent::new(Encoded::new(tag, SchemaVersion::FIRST, payload.as_bytes().to_vec()))
}

pub(crate) fn append(stream: &str, expected: ExpectedVersion, count: usize) -> Append {
    Append::new(id(stream), expected, events(count))
}

/// The append, with ids of its own, so that it can be repeated.
pub(crate) fn with_ids(mut append: Append) -> Append {
    for event in &mut append.events {
        event.id = Some(EventId::new());
    }
    append
}

/// Runs one append, on a connection of the store's own.
pub(crate) async fn run<B: Backend>(store: &B, append: &Append) -> Result<Appended, AppendError> {
    store.append(Via::Store, std::slice::from_ref(append)).await?.remove(0)
}

/// Runs one append in the caller's transaction.
pub(crate) async fn run_in<B: Backend>(
    store: &B,
    connection: &mut B::Connection,
    append: &Append,
) -> Result<Appended, AppendError> {
    store.append(Via::Caller(connection), std::slice::from_ref(append)).await?.remove(0)
}

pub(crate) async fn read<B: Backend>(store: &B, stream: &str) -> Vec<StoredEvent<B::Payload>> {
    let query = StreamQuery::new(id(stream));
    let page = store.read_stream(Via::Store, query).await.unwrap();
    assert!(!page.more, "there is more than fits into a page");
    events_of(page)
}

pub(crate) fn events_of<P>(page: Page<P>) -> Vec<StoredEvent<P>> {
    page.events.into_iter().map(|stored| stored.into_event().unwrap()).collect()
}

/// The versions of a stream's events, checked to be contiguous and in the order of their positions; how many there are.
pub(crate) async fn length<B: Backend>(store: &B, stream: &str) -> usize {
    let events = read(store, stream).await;
    assert!(events.iter().zip(1..).all(|(event, version)| event.version.get() == version), "{stream} has gaps");
    assert!(events.is_sorted_by_key(|event| event.position), "{stream} is out of order");
    events.len()
}
