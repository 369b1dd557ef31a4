//! Contract: a store lists its categories, streams and checkpoints, page by page.

use super::steps::append_events;
use crate::{
    port::{
        Backend, CategoryQuery, CheckpointQuery, DeclaredTag, Progress, StreamOrder, StreamSummary, StreamsQuery, Via,
    },
    vocabulary::{Category, GlobalPosition, SchemaVersion, StreamVersion, Tag},
};

/// All categories, in pages of this size.
async fn categories<B: Backend>(store: &B, limit: u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(CategoryQuery::new().limit(limit));
    while let Some(query) = next {
        let page = store.categories(query).await.expect("the store answers");
        assert!(page.entries.len() <= usize::try_from(limit).expect("a small number"));
        found.extend(page.entries.iter().map(Category::to_string));
        next = page.next;
    }
    found
}

/// All streams of a list, in pages of this size.
async fn streams<B: Backend>(store: &B, query: &StreamsQuery, limit: u32) -> Vec<StreamSummary> {
    let mut found = Vec::new();
    let mut next = Some(query.clone().limit(limit));
    while let Some(query) = next {
        let page = store.streams(query).await.expect("the store answers");
        assert!(page.entries.len() <= usize::try_from(limit).expect("a small number"));
        found.extend(page.entries);
        next = page.next;
    }
    found
}

fn ids(streams: &[StreamSummary]) -> Vec<&str> {
    streams.iter().map(|stream| stream.stream_id.as_str()).collect()
}

/// Each category comes once, in the order of the ids of its streams, whatever the size of the pages.
pub async fn categories_are_listed_once<B: Backend>(store: &B) {
    assert_eq!(categories(store, 2).await, [""; 0]);
    for stream in ["b/1", "a/2", "a/1", "a.x/1", "a0/1", "ab/1", "a/1", "A/1", "a/b/c", "ä/1", "a%/1"] {
        append_events(store, stream, 1).await;
    }
    for limit in [1, 2, 3, 100] {
        assert_eq!(categories(store, limit).await, ["A", "a%", "a.x", "a", "a0", "ab", "b", "ä"], "{limit}");
    }
    let behind = CategoryQuery::new().after(Some(Category::from_static("a")));
    let page = store.categories(behind).await.expect("the store answers");
    assert_eq!(page.entries.iter().map(Category::as_str).collect::<Vec<_>>(), ["a0", "ab", "b", "ä"]);
}

/// Each stream comes once, with its last event, in each of the orders and whatever the size of the pages.
pub async fn streams_are_listed_in_three_orders<B: Backend>(store: &B) {
    assert_eq!(streams(store, &StreamsQuery::new(), 2).await, []);
    let mut last = Vec::new();
    for (stream, count) in [("b/1", 2), ("a/1", 3), ("a/10", 1), ("ab/1", 5), ("a/2", 1), ("a/1", 1), ("a_/1", 2)] {
        last.push((stream, append_events(store, stream, count).await));
    }
    let by = |order: StreamOrder| StreamsQuery::new().order(order);
    for limit in [1, 2, 3, 100] {
        let by_id = streams(store, &StreamsQuery::new(), limit).await;
        assert_eq!(ids(&by_id), ["a/1", "a/10", "a/2", "a_/1", "ab/1", "b/1"], "pages of {limit}");
        let first = &by_id[0];
        assert_eq!((first.version.get(), first.position), (4, last[5].1), "the last event counts");

        let latest = streams(store, &by(StreamOrder::LATEST), limit).await;
        assert_eq!(ids(&latest), ["a_/1", "a/1", "a/2", "ab/1", "a/10", "b/1"], "pages of {limit}");
        let longest = streams(store, &by(StreamOrder::LONGEST), limit).await;
        assert_eq!(ids(&longest), ["ab/1", "a/1", "a_/1", "b/1", "a/10", "a/2"], "pages of {limit}");
        assert!(latest.iter().chain(&longest).all(|stream| by_id.contains(stream)), "the same in each order");

        let of = |order: StreamOrder| by(order).prefix("a/");
        assert_eq!(ids(&streams(store, &of(StreamOrder::default()), limit).await), ["a/1", "a/10", "a/2"]);
        assert_eq!(ids(&streams(store, &of(StreamOrder::LATEST), limit).await), ["a/1", "a/2", "a/10"]);
        assert_eq!(ids(&streams(store, &of(StreamOrder::LONGEST), limit).await), ["a/1", "a/10", "a/2"]);
    }
    let behind = by(StreamOrder::ById { after: Some("a/10".to_owned()) }).prefix("a/");
    assert_eq!(ids(&streams(store, &behind, 9).await), ["a/2"], "from where somebody has come to");
    let before = by(StreamOrder::Latest { before: Some(last[4].1) });
    assert_eq!(ids(&streams(store, &before, 9).await), ["ab/1", "a/10", "b/1"]);
    let two = StreamVersion::new(2).expect("a version");
    let behind = by(StreamOrder::Longest { after: Some((two, "a_/1".to_owned())) });
    assert_eq!(ids(&streams(store, &behind, 9).await), ["b/1", "a/10", "a/2"]);
    assert_eq!(ids(&streams(store, &StreamsQuery::new().prefix("a/3"), 9).await), [""; 0]);
}

/// Checkpoints come by their names, with what has been declared.
pub async fn checkpoints_are_listed<B: Backend>(store: &B) {
    append_events(store, "counter/1", 2).await;
    let declared = [DeclaredTag::new(Tag::from_static("counted"), SchemaVersion::FIRST)];
    for name in ["c", "a", "b"] {
        let start = store.checkpoint(name).await.expect("the store answers");
        let seen =
            store.declare(name, start, "test", &declared).await.expect("the store answers").expect("nobody else");
        if name == "b" {
            let progress = Progress::new(GlobalPosition::FIRST);
            assert!(store.advance(Via::Store, name, seen, progress).await.expect("the store answers"));
        }
    }
    let mut found = Vec::new();
    let mut next = Some(CheckpointQuery::new().limit(2));
    while let Some(query) = next {
        let page = store.checkpoints(query).await.expect("the store answers");
        found.extend(page.entries);
        next = page.next;
    }
    assert_eq!(found.iter().map(|consumer| consumer.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    for consumer in &found {
        let checkpoint = store.checkpoint(&consumer.name).await.expect("the store answers");
        assert_eq!(consumer.checkpoint, checkpoint);
        assert_eq!((consumer.kind.as_deref(), consumer.declared.as_deref()), (Some("test"), Some(&declared[..])));
    }
    assert_eq!(found[1].checkpoint.position, Some(GlobalPosition::FIRST));
    let behind = CheckpointQuery::new().after(Some("b".to_owned()));
    let page = store.checkpoints(behind).await.expect("the store answers");
    assert_eq!((page.entries.len(), page.next), (1, None));
}
