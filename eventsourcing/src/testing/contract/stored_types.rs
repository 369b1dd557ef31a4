//! Contract: a store lists the types of events that committed appends have stored, each version once.

use super::steps::{append, event, events, run, version};
use crate::{
    port::{Append, Backend, Via},
    vocabulary::{
        Encoded, EventId,
        ExpectedVersion::{Any, Exact, NoStream},
        NewEvent, SchemaVersion,
    },
};

/// An event with this tag in this version.
fn versioned(tag: &'static str, number: u16) -> NewEvent<Encoded<Vec<u8>>> {
    let mut new = event(tag, "1");
    new.event.schema_version = SchemaVersion::new(number).expect("the contract writes valid versions");
    new
}

/// What is stored: tags, versions, and the positions of the first of each.
async fn stored<B: Backend>(store: &B) -> Vec<(String, u16, i64)> {
    let stored = store.stored_types().await.expect("the store answers");
    let fields = stored.iter();
    fields.map(|of| (of.tag.to_string(), of.schema_version.get(), of.first_position.get())).collect()
}

fn listed<const N: usize>(types: [(&str, u16, i64); N]) -> Vec<(String, u16, i64)> {
    types.map(|(tag, version, position)| (tag.to_owned(), version, position)).to_vec()
}

/// Each version of a tag is listed with the position of its first event, whatever follows, in groups and alone.
pub async fn stored_types_are_listed_with_their_first_position<B: Backend>(store: &B) {
    assert_eq!(stored(store).await, listed([]));
    let new = vec![versioned("b", 2), versioned("a", 1), versioned("b", 2), versioned("b", 1)];
    let last =
        run(store, append("s/1", NoStream, new)).await.expect("a new stream").position.expect("a position").get();
    let first = listed([("a", 1, last - 2), ("b", 1, last), ("b", 2, last - 3)]);
    assert_eq!(stored(store).await, first);

    let known = vec![versioned("b", 2), versioned("a", 1)];
    run(store, append("s/1", Any, known.clone())).await.expect("any version");
    assert_eq!(stored(store).await, first, "a type is listed once");

    let group = [append("s/2", NoStream, known), append("s/1", NoStream, vec![versioned("refused", 1)])];
    let group = group.into_iter().chain([append("s/3", NoStream, vec![versioned("a", 1), versioned("c", 65_535)])]);
    let group: Vec<Append> = group.collect();
    let results = store.append(Via::Store, &group).await.expect("the store answers");
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    let last = results[2].as_ref().expect("a new stream").position.expect("a position").get();
    let fourth = [first, listed([("c", 65_535, last)])].concat();
    assert_eq!(stored(store).await, fourth);
}

/// An append that stores nothing lists nothing: neither a conflict, nor one that is refused, nor a repetition.
pub async fn what_is_not_stored_is_not_listed<B: Backend>(store: &B) {
    let named = vec![versioned("a", 1).id(EventId::new())];
    let position = run(store, append("s/1", NoStream, named.clone())).await.expect("a new stream").position;
    let only = listed([("a", 1, position.expect("a position").get())]);
    for expected in [NoStream, Exact(version(7))] {
        run(store, append("s/1", expected, vec![versioned("conflict", 1)])).await.expect_err("a conflict");
    }
    let partly = named.iter().cloned().chain([versioned("mismatch", 1)]).collect();
    run(store, append("s/1", NoStream, partly)).await.expect_err("no repetition");
    let twice = vec![versioned("invalid", 1).id(named[0].id.expect("an id")); 2];
    run(store, append("s/2", NoStream, twice)).await.expect_err("an id occurs twice");
    let mut again = named;
    again[0].event.tag = versioned("repeated", 1).event.tag;
    run(store, append("s/1", NoStream, again)).await.expect("a repetition, by its id");
    run(store, append("s/3", Any, Vec::new())).await.expect("nothing to store");
    assert_eq!(stored(store).await, only);
}

/// A type is listed from the commit on of the transaction that stored it, and never after a rollback; the next append
/// of it lists it then.
pub async fn types_are_listed_when_they_are_committed<B: Backend>(store: &B) {
    for end in ["rollback", "commit"] {
        let mut transaction = store.begin().await.expect("a transaction");
        for (stream, tag) in [("s/1", "twice"), ("s/2", "twice"), ("s/2", "once")] {
            let appends = [append(stream, Any, vec![versioned(tag, 1)])];
            let results = store.append(Via::Caller(B::connection(&mut transaction)), &appends).await;
            results.expect("the store answers").remove(0).expect("any version");
        }
        assert_eq!(stored(store).await.len(), 0, "nothing is committed");
        if end == "rollback" {
            B::rollback(transaction).await.expect("a rollback");
            assert_eq!(stored(store).await.len(), 0, "nothing has been committed");
        } else {
            B::commit(transaction).await.expect("a commit");
        }
    }
    let tags = |types: Vec<(String, u16, i64)>| types.into_iter().map(|(tag, ..)| tag).collect::<Vec<_>>();
    assert_eq!(tags(stored(store).await), ["once", "twice"]);

    let mut transaction = store.begin().await.expect("a transaction");
    let appends = [append("s/4", NoStream, events(1))];
    let results = store.append(Via::Caller(B::connection(&mut transaction)), &appends).await;
    results.expect("the store answers").remove(0).expect("a new stream");
    B::rollback(transaction).await.expect("a rollback");
    run(store, append("s/4", NoStream, events(1))).await.expect("still a new stream");
    assert_eq!(tags(stored(store).await), ["counted", "once", "twice"]);
}
