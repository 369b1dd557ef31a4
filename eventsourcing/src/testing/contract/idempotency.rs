//! Contract: the same event ids at the same place give the first result.

use super::{append, events, read_stream, run, version, whole_stream};
use crate::{
    position::ExpectedVersion::{Any, Exact, NoStream, StreamExists},
    record::{Encoded, EventId, NewEvent},
    store::{AppendError, Backend},
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
