//! Contract: a checkpoint moves only from where its mover saw it.

use crate::{
    position::GlobalPosition,
    store::{Backend, Checkpoint, Via},
};

/// Moves from a stale checkpoint change nothing, within transactions and without.
pub async fn a_checkpoint_moves_by_compare_and_swap<B: Backend>(store: &B) {
    let at = |number| GlobalPosition::new(number).expect("a position");
    let start = store.checkpoint("totals").await.expect("the store answers");
    assert_eq!(start, Checkpoint { position: None, token: 0 });
    assert!(store.advance(Via::Store, "totals", start, at(3)).await.expect("the store answers"));
    assert!(!store.advance(Via::Store, "totals", start, at(4)).await.expect("the store answers"), "stale");

    let third = store.checkpoint("totals").await.expect("the store answers");
    assert_eq!(third.position, Some(at(3)));
    let mut transaction = store.begin().await.expect("a transaction");
    let moved = store.advance(Via::Caller(B::connection(&mut transaction)), "totals", third, at(5)).await;
    assert!(moved.expect("the store answers"));
    B::rollback(transaction).await.expect("a rollback");
    assert_eq!(store.checkpoint("totals").await.expect("the store answers"), third);

    let fenced = Checkpoint { token: third.token + 1, ..third };
    assert!(!store.advance(Via::Store, "totals", fenced, at(5)).await.expect("the store answers"), "another token");
    assert!(store.advance(Via::Store, "totals", third, at(5)).await.expect("the store answers"));
    assert_eq!(store.checkpoint("others").await.expect("the store answers").position, None);
}
