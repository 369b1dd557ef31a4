//! Contract: the tail hands out every committed event once, in order, and nothing undecided.

use super::steps::{append, append_events, events, read_log, whole_log};
use crate::{
    port::{Backend, Filter, Mark, Stored, Tail, Via},
    vocabulary::ExpectedVersion::Any,
};

/// Pages follow each other without a gap, over positions that a rollback has left unused.
pub async fn the_tail_hands_out_settled_events<B: Backend>(store: &B) {
    let mut tail = store.tail().await.expect("a tail");
    assert_eq!(tail.start().await.expect("the store answers"), None);
    assert_eq!(tail.settle().await.expect("the store answers"), None);
    assert_eq!(tail.end().await.expect("the store answers"), None);
    let empty = tail.read(None, 10).await.expect("the store answers");
    assert!(empty.events.is_empty() && empty.settled.is_none());

    append_events(store, "a/1", 3).await;
    let mut transaction = store.begin().await.expect("a transaction");
    let undone = [append("a/2", Any, events(2))];
    let results = store.append(Via::Caller(B::connection(&mut transaction)), &undone).await.expect("the store answers");
    assert!(results[0].is_ok());
    B::rollback(transaction).await.expect("a rollback");
    let last = append_events(store, "a/3", 4).await;

    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = tail.read(after, 2).await.expect("the store answers");
        assert!(page.events.len() <= 2);
        let Some(event) = page.events.last() else { break };
        assert_eq!(page.settled, Some(event.position()), "a page settles what it hands out");
        after = page.settled;
        seen.extend(page.events.iter().map(Stored::position));
    }
    let log = read_log(store, whole_log(Filter::default())).await;
    assert_eq!(seen, log.iter().map(|event| event.position).collect::<Vec<_>>());
    assert_eq!(seen.len(), 7);
    assert_eq!(tail.settle().await.expect("the store answers"), Some(last));
    assert!(tail.end().await.expect("the store answers") >= Some(last));
    assert_eq!(tail.last().await.expect("the store answers"), Some(last));

    let event_id = tail.event_at(last).await.expect("the store answers").expect("an event");
    assert_eq!(Some(event_id), log.last().map(|event| event.event_id));
    let mark = Mark { position: last, event_id };
    tail.mark(mark).await.expect("the store answers");
    let mut next = store.tail().await.expect("a tail");
    assert_eq!(next.start().await.expect("the store answers"), Some(mark));
    assert_eq!(next.timeline().await.expect("the store answers"), tail.timeline().await.expect("the store answers"));
}
