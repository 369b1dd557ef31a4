//! Contract: appends inside a transaction live and die with it, and a conflict does not harm it.

use super::steps::{append, events, read_stream, version, versions, whole_stream};
use crate::{
    port::{Append, AppendError, Appended, Backend, Via},
    vocabulary::ExpectedVersion::{Exact, NoStream},
};

async fn run_in<B: Backend>(store: &B, transaction: &mut B::Transaction, new: Append) -> Result<Appended, AppendError> {
    let appends = [new];
    let results = store.append(Via::Caller(B::connection(transaction)), &appends).await;
    results.expect("the store answers").remove(0)
}

/// A rollback takes the events with it; the stream goes on as if nothing had been.
pub async fn a_rolled_back_append_leaves_nothing<B: Backend>(store: &B) {
    let mut transaction = store.begin().await.expect("a transaction");
    run_in(store, &mut transaction, append("a/1", NoStream, events(2))).await.expect("a new stream");
    run_in(store, &mut transaction, append("a/1", Exact(version(2)), events(1)))
        .await
        .expect("its own events are seen");
    B::rollback(transaction).await.expect("a rollback");
    assert!(read_stream(store, whole_stream("a/1")).await.is_empty());

    let mut transaction = store.begin().await.expect("a transaction");
    run_in(store, &mut transaction, append("a/1", NoStream, events(1))).await.expect("still a new stream");
    B::commit(transaction).await.expect("a commit");
    assert_eq!(versions(&read_stream(store, whole_stream("a/1")).await), [1]);
}

/// After a conflict the transaction goes on, and commits what it wrote before and after.
pub async fn a_conflict_leaves_the_callers_transaction_usable<B: Backend>(store: &B) {
    let mut transaction = store.begin().await.expect("a transaction");
    run_in(store, &mut transaction, append("a/1", NoStream, events(2))).await.expect("a new stream");
    for expected in [NoStream, Exact(version(1)), Exact(version(9))] {
        let refused = run_in(store, &mut transaction, append("a/1", expected, events(1))).await;
        let Err(AppendError::Conflict(conflict)) = refused else { panic!("{expected}: {refused:?}") };
        assert_eq!(conflict.actual, Some(version(2)));
    }
    run_in(store, &mut transaction, append("a/2", NoStream, events(1))).await.expect("another stream");
    B::commit(transaction).await.expect("a commit");
    assert_eq!(versions(&read_stream(store, whole_stream("a/1")).await), [1, 2]);
    assert_eq!(versions(&read_stream(store, whole_stream("a/2")).await), [1]);
}
