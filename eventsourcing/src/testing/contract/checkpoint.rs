//! Contract: a checkpoint moves only from where its mover saw it, and only over what the log holds.

use super::steps::{append_events, event, run, stream_id};
use crate::{
    port::{Append, Backend, Checkpoint, Consumer, DeclaredTag, Progress, Via},
    vocabulary::{EventId, ExpectedVersion, GlobalPosition, SchemaVersion, Tag},
};

fn at(number: i64) -> Progress {
    Progress { position: GlobalPosition::new(number).expect("a position"), last: None, abandoned_after: None }
}

fn tag(name: &'static str, after: Option<GlobalPosition>) -> DeclaredTag {
    DeclaredTag { tag: Tag::from_static(name), version: SchemaVersion::FIRST, after }
}

/// A consumer that has declared nothing but its kind.
async fn declare<B: Backend>(store: &B, name: &str) -> Checkpoint {
    let start = store.checkpoint(name).await.expect("the store answers");
    assert_eq!(start, Checkpoint { position: None, token: 0 });
    store.declare(name, start, "test", &[]).await.expect("the store answers").expect("nobody else is there")
}

/// Moves from a stale checkpoint change nothing, within transactions and without.
pub async fn a_checkpoint_moves_by_compare_and_swap<B: Backend>(store: &B) {
    append_events(store, "counter/1", 5).await;
    let start = declare(store, "totals").await;
    assert!(store.advance(Via::Store, "totals", start, at(3)).await.expect("the store answers"));
    assert!(!store.advance(Via::Store, "totals", start, at(4)).await.expect("the store answers"), "stale");

    let third = store.checkpoint("totals").await.expect("the store answers");
    assert_eq!(third.position, GlobalPosition::new(3));
    let mut transaction = store.begin().await.expect("a transaction");
    let moved = store.advance(Via::Caller(B::connection(&mut transaction)), "totals", third, at(5)).await;
    assert!(moved.expect("the store answers"));
    assert!(!store.advance(Via::Store, "totals", third, at(4)).await.expect("it does not wait"), "held");
    B::rollback(transaction).await.expect("a rollback");
    assert_eq!(store.checkpoint("totals").await.expect("the store answers"), third);

    let fenced = Checkpoint { token: third.token + 1, ..third };
    assert!(!store.advance(Via::Store, "totals", fenced, at(5)).await.expect("the store answers"), "another token");
    assert!(store.advance(Via::Store, "totals", third, at(5)).await.expect("the store answers"));
    assert_eq!(store.checkpoint("others").await.expect("the store answers").position, None);
}

/// What was read from another history is not handled: the log must hold it.
pub async fn a_checkpoint_moves_only_over_what_the_log_holds<B: Backend>(store: &B) {
    let id = EventId::new();
    let events = vec![event("counted", "{}"), event("counted", "{}").id(id)];
    let append = Append { stream_id: stream_id("counter/1"), expected: ExpectedVersion::NoStream, events };
    let position = run(store, append).await.expect("the append is allowed").position.expect("events have positions");
    let start = declare(store, "totals").await;
    let beyond = at(position.get() + 1);
    assert!(!store.advance(Via::Store, "totals", start, beyond).await.expect("the store answers"), "beyond the log");
    let another = Progress { position, last: Some((position, EventId::new())), abandoned_after: None };
    assert!(!store.advance(Via::Store, "totals", start, another).await.expect("the store answers"), "another event");
    let same = Progress { position, last: Some((position, id)), abandoned_after: None };
    assert!(store.advance(Via::Store, "totals", start, same).await.expect("the store answers"));
}

/// A declaration fences off the workers that have not seen it, and is what the next one sees.
pub async fn a_declaration_is_seen_by_every_later_worker<B: Backend>(store: &B) {
    let last = append_events(store, "counter/1", 3).await;
    let nothing = store.consumer("totals").await.expect("the store answers");
    let start = Checkpoint { position: None, token: 0 };
    assert_eq!(nothing, Consumer { checkpoint: start, resume: None, kind: None, declared: None });
    let tags = [tag("counted", None)];
    let first = store.declare("totals", start, "test", &tags).await.expect("the store answers").expect("the first");
    assert!(store.advance(Via::Store, "totals", first, at(last.get())).await.expect("the store answers"));

    let seen = store.consumer("totals").await.expect("the store answers");
    assert_eq!((seen.checkpoint.position, seen.resume), (Some(last), Some(last)));
    assert_eq!((seen.kind.as_deref(), seen.declared.as_deref()), (Some("test"), Some(&tags[..])));
    let more = [tag("counted", None), tag("\"new\"", Some(last))];
    let mut transaction = store.begin().await.expect("a transaction");
    let via = Via::Caller(B::connection(&mut transaction));
    assert!(store.advance(via, "totals", seen.checkpoint, at(last.get())).await.expect("the store answers"));
    let held = store.declare("totals", seen.checkpoint, "test", &more).await.expect("it does not wait");
    assert_eq!(held, None);
    B::rollback(transaction).await.expect("a rollback");
    let second = store.declare("totals", seen.checkpoint, "test", &more).await.expect("the store answers");
    let second = second.expect("nobody holds it");
    assert!(
        !store.advance(Via::Store, "totals", first, at(last.get())).await.expect("the store answers"),
        "fenced off"
    );
    assert_eq!(store.declare("totals", first, "test", &tags).await.expect("the store answers"), None, "stale");
    let seen = store.consumer("totals").await.expect("the store answers");
    assert_eq!((seen.checkpoint, seen.declared.map(|all| all.len())), (second, Some(2)));
}

/// A reset begins anew, and fences off those who have not seen it.
pub async fn a_reset_checkpoint_begins_anew<B: Backend>(store: &B) {
    let last = append_events(store, "counter/1", 3).await;
    let start = declare(store, "totals").await;
    assert!(store.advance(Via::Store, "totals", start, at(last.get())).await.expect("the store answers"));
    let tags = [tag("counted", None)];
    store.reset(Via::Store, "totals", "test", &tags).await.expect("the store answers");
    let anew = store.consumer("totals").await.expect("the store answers");
    assert_eq!((anew.checkpoint.position, anew.resume), (None, None));
    assert_eq!(anew.declared.as_deref(), Some(&tags[..]));
    assert!(!store.advance(Via::Store, "totals", start, at(1)).await.expect("the store answers"), "from before it");
    assert!(store.advance(Via::Store, "totals", anew.checkpoint, at(1)).await.expect("the store answers"));
}
