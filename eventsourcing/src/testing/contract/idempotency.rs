//! Contract: the same event ids at the same place give the first result.

use super::steps::{append, events, read_stream, run, version, whole_stream};
use crate::{
    port::{AppendError, Backend},
    vocabulary::{
        Encoded, EventId,
        ExpectedVersion::{Any, Exact, NoStream, StreamExists},
        NewEvent,
    },
};

type New = NewEvent<Encoded<Vec<u8>>>;

fn named(count: usize) -> Vec<New> {
    events(count).into_iter().map(|event| event.id(EventId::new())).collect()
}

/// Under every expectation, also after other events have followed.
pub async fn a_repetition_gives_the_first_result<B: Backend>(store: &B) {
    let (first, second, third, fourth) = (named(2), named(1), named(3), named(1));
    let appends = [(NoStream, first), (Exact(version(2)), second), (Any, third), (StreamExists, fourth)];
    let mut results = Vec::new();
    for (expected, events) in &appends {
        results.push(run(store, append("a/1", *expected, events.clone())).await.expect("the first time"));
    }
    run(store, append("a/1", Any, events(200))).await.expect("others follow");
    for ((expected, events), first) in appends.iter().zip(&results) {
        let again = run(store, append("a/1", *expected, events.clone())).await.expect("the second time");
        assert_eq!(again, *first, "{expected}");
    }
    assert_eq!(read_stream(store, whole_stream("a/1")).await.len(), 207);
}

/// More, fewer, or other events than the first time.
pub async fn a_partial_repetition_is_refused<B: Backend>(store: &B) {
    let first = named(3);
    run(store, append("a/1", NoStream, first.clone())).await.expect("a new stream");
    let longer: Vec<_> = first.iter().cloned().chain(named(1)).collect();
    let swapped = vec![first[1].clone(), first[0].clone(), first[2].clone()];
    let mixed = vec![first[0].clone(), named(1).remove(0)];
    for (n, events) in [longer, swapped, mixed].into_iter().enumerate() {
        for expected in [NoStream, Any, StreamExists] {
            let result = run(store, append("a/1", expected, events.clone())).await;
            let is_mismatch = matches!(result, Err(AppendError::IdempotencyMismatch { .. }));
            assert!(is_mismatch, "case {n}, {expected}: {result:?}");
        }
    }
    let others = run(store, append("a/1", NoStream, named(3))).await;
    assert!(matches!(others, Err(AppendError::Conflict(_))), "other events are a conflict: {others:?}");
    assert_eq!(read_stream(store, whole_stream("a/1")).await.len(), 3);
}

/// An id is looked for where the expectation says that it would stand, or among the latest; elsewhere it is not found, and
/// stored once more. Only ids are compared, never payloads.
pub async fn an_id_counts_where_it_is_expected<B: Backend>(store: &B) {
    let first = named(1);
    let stored = run(store, append("a/1", NoStream, first.clone())).await.expect("a new stream");
    let mut other = first.clone();
    other[0].event.payload = b"\"another payload\"".to_vec();
    for expected in [NoStream, Any, StreamExists] {
        let again = run(store, append("a/1", expected, other.clone())).await.expect("the same id");
        assert_eq!(again, stored, "{expected}");
    }
    let read = read_stream(store, whole_stream("a/1")).await;
    assert_eq!((read.len(), read[0].event.as_ref()), (1, &b"{\"n\":1}"[..]), "the first payload stays");

    let later = run(store, append("a/1", Exact(version(1)), first.clone())).await.expect("another place");
    assert_eq!(later.version, Some(version(2)));
    run(store, append("a/1", Exact(version(2)), events(300))).await.expect("others follow");
    let conflict = run(store, append("a/1", Exact(version(5)), first.clone())).await;
    assert!(matches!(conflict, Err(AppendError::Conflict(_))), "not at that place: {conflict:?}");
    let beyond = run(store, append("a/1", Any, first)).await.expect("no longer among the latest");
    assert_eq!(beyond.version, Some(version(303)));
}
