//! Contract: appends are atomic, hold their expectation, and keep what they are given.

use std::collections::BTreeMap;

use super::steps::{append, event, events, read_log, read_stream, run, version, versions, whole_log, whole_stream};
use crate::{
    port::{AppendError, Appended, Backend, Filter, InvalidAppend, Via},
    vocabulary::{
        EventId,
        ExpectedVersion::{self, Any, Exact, NoStream, StreamExists},
        Metadata,
    },
};

/// Payload bytes, ids and metadata come back as they went in; versions count from 1, positions grow with them.
pub async fn an_append_is_read_back_as_it_was_written<B: Backend>(store: &B) {
    let id = EventId::new();
    let metadata = Metadata::new().correlation_id("c").causation_id("d").with("schlüssel", "\"wert\"\n");
    let payloads =
        ["{ \"b\": 1.50, \"a\":1e3, \"b\": 2 }", "123456789012345678901234567890", "\"\\u00e4 ä 🦀\"", "null"];
    let mut new = payloads.map(|payload| event("kept", payload)).to_vec();
    new[0] = new[0].clone().id(id).metadata(metadata.clone());
    let appended = run(store, append("a/1", NoStream, new)).await.expect("a new stream");

    let read = read_stream(store, whole_stream("a/1")).await;
    let stored: Vec<&[u8]> = read.iter().map(|event| event.event.as_ref()).collect();
    assert_eq!(stored, payloads.map(str::as_bytes), "payloads are stored byte for byte");
    assert_eq!(versions(&read), [1, 2, 3, 4]);
    assert!(read.windows(2).all(|pair| pair[0].position < pair[1].position), "positions follow versions");
    assert_eq!((read[0].event_id, &read[0].metadata), (id, &metadata));
    assert_ne!(read[1].event_id, read[2].event_id);
    let last = read.last().expect("four events");
    assert_eq!(appended, Appended::at(last.version, last.position));
}

/// All four expectations, on a missing stream and on one with two events.
pub async fn expectations_hold<B: Backend>(store: &B) {
    run(store, append("a/there", NoStream, events(2))).await.expect("a new stream");
    let cases =
        [(Any, true, true), (NoStream, true, false), (StreamExists, false, true), (Exact(version(2)), false, true)];
    let cases = cases.into_iter().chain([(Exact(version(1)), false, false), (Exact(version(3)), false, false)]);
    let mut last = 2;
    for (n, (expected, on_missing, on_existing)) in (0..).zip(cases) {
        check(store, &format!("a/missing{n}"), expected, None, on_missing).await;
        // Each success moves the stream, so the expectation moves with it.
        let expected = match expected {
            Exact(at) => Exact(version(at.get() + last - 2)),
            other => other,
        };
        check(store, "a/there", expected, Some(last), on_existing).await;
        last += i64::from(on_existing);
    }
}

async fn check<B: Backend>(store: &B, stream: &str, expected: ExpectedVersion, actual: Option<i64>, allowed: bool) {
    let result = run(store, append(stream, expected, events(1))).await;
    let now = read_stream(store, whole_stream(stream)).await.len();
    let before = usize::try_from(actual.unwrap_or(0)).expect("a small number");
    match result {
        Ok(appended) => {
            assert!(allowed, "{expected} on {actual:?} must be a conflict");
            assert_eq!(appended.version, Some(version(actual.unwrap_or(0) + 1)));
            assert_eq!(now, before + 1);
        }
        Err(AppendError::Conflict(conflict)) => {
            assert!(!allowed, "{expected} on {actual:?} must be allowed: {conflict}");
            assert_eq!(conflict.actual, actual.map(version));
            assert_eq!((conflict.expected, conflict.stream_id.as_str()), (expected, stream));
            assert_eq!(now, before, "a refused append leaves nothing");
        }
        Err(error) => panic!("{expected} on {actual:?}: {error}"),
    }
}

/// An append of no events succeeds or conflicts as one with events would.
pub async fn an_empty_append_checks_its_expectation<B: Backend>(store: &B) {
    run(store, append("a/there", NoStream, events(2))).await.expect("a new stream");
    for (stream, expected, allowed) in [
        ("a/there", Any, true),
        ("a/there", StreamExists, true),
        ("a/there", Exact(version(2)), true),
        ("a/there", Exact(version(1)), false),
        ("a/there", NoStream, false),
        ("a/missing", NoStream, true),
        ("a/missing", StreamExists, false),
    ] {
        match run(store, append(stream, expected, Vec::new())).await {
            Ok(appended) => assert!(allowed && appended == Appended::NOTHING, "{stream}, {expected}"),
            Err(AppendError::Conflict(_)) => assert!(!allowed, "{stream}, {expected}"),
            Err(error) => panic!("{stream}, {expected}: {error}"),
        }
    }
}

/// Appends of one group succeed and fail on their own; a stream may occur once.
pub async fn each_append_of_a_group_has_its_own_result<B: Backend>(store: &B) {
    let group = [
        append("z/1", NoStream, events(3)),
        append("a/1", StreamExists, events(1)),
        append("m/1", Any, events(2)),
        append("z/1", Any, events(1)),
        append("b/1", NoStream, Vec::new()),
    ];
    let results = store.append(Via::Store, &group).await.expect("the store answers");
    assert_eq!(results.len(), 5);
    assert_eq!(results[0].as_ref().expect("a new stream").version, Some(version(3)));
    assert!(matches!(&results[1], Err(AppendError::Conflict(conflict)) if conflict.stream_id.as_str() == "a/1"));
    assert_eq!(results[2].as_ref().expect("any version").version, Some(version(2)));
    assert!(matches!(&results[3], Err(AppendError::Invalid(InvalidAppend::DuplicateStream { .. }))));
    assert_eq!(*results[4].as_ref().expect("no stream"), Appended::NOTHING);
    assert_eq!(read_log(store, whole_log(Filter::default())).await.len(), 5);
}

/// A batch has the results of its appends, or the error of the first that is refused, and then nothing is stored.
pub async fn a_batch_is_stored_whole_or_not_at_all<B: Backend>(store: &B) {
    let batch = |expected| {
        [append("z/1", Any, events(2)), append("a/1", expected, events(1)), append("m/1", StreamExists, Vec::new())]
    };
    let refused = store.append_all(&batch(NoStream)).await;
    assert!(matches!(&refused, Err(AppendError::Conflict(conflict)) if conflict.stream_id.as_str() == "m/1"));
    assert!(read_log(store, whole_log(Filter::default())).await.is_empty());
    run(store, append("m/1", NoStream, events(1))).await.expect("a new stream");
    let appended = store.append_all(&batch(NoStream)).await.expect("each is allowed");
    let at: Vec<_> = appended.iter().map(|appended| appended.version).collect();
    assert_eq!(at, [Some(version(2)), Some(version(1)), None], "in the order of the batch");
    assert!(matches!(store.append_all(&batch(NoStream)).await, Err(AppendError::Conflict(_))));
    assert_eq!(read_log(store, whole_log(Filter::default())).await.len(), 4);
    assert!(store.append_all(&[]).await.expect("nothing to refuse").is_empty());
}

/// An append, or a group with what stands before it, is bounded in bytes; each append has its own error.
pub async fn what_is_over_the_total_limit_is_refused<B: Backend>(store: &B) {
    let limits = store.limits();
    let payload = format!("\"{}\"", "x".repeat(limits.payload - 2));
    let most = limits.bytes / (payload.len() + 1);
    let too_large = vec![event("t", &payload); most + 1];
    let result = run(store, append("a/1", Any, too_large)).await;
    assert!(matches!(result, Err(AppendError::Invalid(InvalidAppend::TooManyBytes { .. }))), "{result:?}");

    // The third is too much after the first two, the fourth is not.
    let half = |stream: &str| append(stream, Any, vec![event("t", &payload); most / 2]);
    let group = [half("a/1"), half("b/1"), half("c/1"), append("d/1", Any, events(1))];
    let results = store.append(Via::Store, &group).await.expect("the store answers");
    let is_stored: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(is_stored, [true, true, false, true]);
    assert!(matches!(results[2], Err(AppendError::Invalid(InvalidAppend::TooManyBytes { .. }))));
    let refused = store.append_all(&group).await;
    assert!(matches!(refused, Err(AppendError::Invalid(InvalidAppend::TooManyBytes { .. }))), "{refused:?}");
}

/// What is over a limit is refused before anything is stored.
pub async fn what_is_over_a_limit_is_refused<B: Backend>(store: &B) {
    let limits = store.limits();
    let id = EventId::new();
    let text = |bytes: usize| "x".repeat(bytes);
    let with = |metadata: Metadata| vec![event("t", "1"), event("t", "1").metadata(metadata)];
    let cases = [
        vec![event("t", "1"), event("t", &format!("\"{}\"", text(limits.payload - 1)))],
        vec![event("t", "1"); limits.events + 1],
        vec![event("t", "1").id(id), event("t", "2").id(id)],
        with(Metadata::new().correlation_id(text(Metadata::MAX_ID_LEN + 1))),
        with(Metadata::new().causation_id("a\0b")),
        with(Metadata::new().with("key", "a\0b")),
        with(Metadata::new().with("key", text(limits.metadata))),
    ];
    for (n, events) in cases.into_iter().enumerate() {
        let result = run(store, append("a/1", Any, events)).await;
        assert!(matches!(result, Err(AppendError::Invalid(_))), "case {n}: {result:?}");
    }
    let largest = event("t", &format!("\"{}\"", text(limits.payload - 2)));
    run(store, append("a/2", Any, vec![largest])).await.expect("the largest payload");
    let longest = Metadata::new().correlation_id(text(Metadata::MAX_ID_LEN)).with("", text(limits.metadata));
    run(store, append("a/2", Any, with(longest))).await.expect("the most metadata");
    assert!(read_stream(store, whole_stream("a/1")).await.is_empty());
}

/// Of 32 appends at once, exactly one wins under `NoStream` and `Exact`, all under `Any` and `StreamExists`.
pub async fn of_concurrent_appends_one_wins<B: Backend>(store: &B) {
    const WRITERS: usize = 32;
    const EVENTS: usize = 3;
    let mut last = 0;
    for expected in [NoStream, Any, StreamExists, Exact(version(1))] {
        let expected = if let Exact(_) = expected { Exact(version(last)) } else { expected };
        let tasks: Vec<_> = (0..WRITERS)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { run(&store, append("a/1", expected, events(EVENTS))).await })
            })
            .collect();
        let mut won = Vec::new();
        for task in tasks {
            match task.await.expect("no append panics") {
                Ok(appended) => won.push(appended.version),
                Err(AppendError::Conflict(conflict)) => {
                    assert!(!expected.admits(conflict.actual), "a conflict that is none: {conflict}");
                }
                Err(error) => panic!("{expected}: {error}"),
            }
        }
        let winners = if matches!(expected, Any | StreamExists) { WRITERS } else { 1 };
        assert_eq!(won.len(), winners, "{expected}");
        last += i64::try_from(winners * EVENTS).expect("a small number");
    }
    let read = read_stream(store, whole_stream("a/1")).await;
    assert_eq!(versions(&read), (1..=last).collect::<Vec<_>>(), "no append is stored in part");
    let runs = read.chunks(EVENTS).map(|run| run.iter().map(|event| event.event.as_ref().to_vec()));
    let counts = runs.map(Iterator::collect::<Vec<_>>).fold(BTreeMap::new(), |mut counts, run| {
        *counts.entry(run).or_insert(0) += 1;
        counts
    });
    assert_eq!(counts.len(), 1, "the events of one append stand together");
}
