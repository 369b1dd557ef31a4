//! Contract: reads give just the events that are asked for, in order.

use super::steps::{append, event, events, read_log, read_stream, run, version, versions, whole_log, whole_stream};
use crate::{
    port::{Backend, Direction, Filter, LogQuery, Stored, StreamQuery},
    vocabulary::{Category, ExpectedVersion::Any, Tag},
};

/// From, limit, until, and both directions, on one stream among others.
pub async fn streams_are_read_both_ways<B: Backend>(store: &B) {
    for stream in ["a/1", "a/10", "a/1"] {
        run(store, append(stream, Any, events(5))).await.expect("any version");
    }
    let whole = read_stream(store, whole_stream("a/1")).await;
    assert_eq!(versions(&whole), (1..=10).collect::<Vec<_>>());
    let until = whole[6].position;
    let forwards = whole_stream("a/1");
    let backwards = StreamQuery { direction: Direction::Backwards, ..forwards.clone() };
    let cases: [(StreamQuery, &[i64]); 6] = [
        (StreamQuery { from: Some(version(4)), limit: 3, ..forwards.clone() }, &[4, 5, 6]),
        (StreamQuery { from: Some(version(6)), until: Some(until), ..forwards.clone() }, &[6, 7]),
        (StreamQuery { from: Some(version(11)), ..forwards }, &[]),
        (StreamQuery { limit: 2, ..backwards.clone() }, &[10, 9]),
        (StreamQuery { from: Some(version(3)), ..backwards.clone() }, &[3, 2, 1]),
        (StreamQuery { until: Some(until), limit: 1, ..backwards }, &[7]),
    ];
    for (query, expected) in cases {
        assert_eq!(versions(&read_stream(store, query.clone()).await), expected, "{query:?}");
    }
    assert!(read_stream(store, whole_stream("a/missing")).await.is_empty());
}

/// A category is the whole text before the first `/`, a tag the whole tag.
pub async fn the_log_is_filtered_by_category_and_tag<B: Backend>(store: &B) {
    for (stream, tag) in [("a/1", "x"), ("ab/1", "x"), ("a/b/c", "y"), ("A/1", "x"), ("a%/1", "xy"), ("a_/1", "y")] {
        run(store, append(stream, Any, vec![event(tag, "{}")])).await.expect("any version");
    }
    let all = read_log(store, whole_log(Filter::default())).await;
    assert!(all.windows(2).all(|pair| pair[0].position < pair[1].position));
    let filter = |category: Option<&'static str>, tags: Option<&[&'static str]>| Filter {
        category: category.map(Category::from_static),
        tags: tags.map(|tags| tags.iter().map(|tag| Tag::from_static(tag)).collect()),
    };
    let cases: [(Filter, &[&str]); 5] = [
        (filter(Some("a"), None), &["a/1", "a/b/c"]),
        (filter(Some("a%"), None), &["a%/1"]),
        (filter(None, Some(&["x"])), &["a/1", "ab/1", "A/1"]),
        (filter(Some("a"), Some(&["y", "xy"])), &["a/b/c"]),
        (filter(None, Some(&[])), &[]),
    ];
    for (filter, expected) in cases {
        let found = read_log(store, whole_log(filter.clone())).await;
        let streams: Vec<&str> = found.iter().map(|event| event.stream_id.as_str()).collect();
        assert_eq!(streams, expected, "{filter:?}");
        assert!(
            all.iter()
                .filter(|event| filter.admits(&Stored::Event((*event).clone())))
                .map(|event| event.position)
                .eq(found.iter().map(|event| event.position))
        );
    }
    let middle = LogQuery { from: Some(all[1].position), until: Some(all[3].position), ..whole_log(Filter::default()) };
    assert_eq!(read_log(store, middle.clone()).await.len(), 3);
    let newest = LogQuery {
        from: Some(all[3].position),
        direction: Direction::Backwards,
        limit: 2,
        ..whole_log(Filter::default())
    };
    let newest: Vec<_> = read_log(store, newest).await.iter().map(|event| event.position).collect();
    assert_eq!(newest, [all[3].position, all[2].position]);
}
