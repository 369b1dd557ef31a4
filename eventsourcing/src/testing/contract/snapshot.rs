//! Contract: a snapshot that fits the code shortens a load, any other is as good as none.

use futures_util::TryStreamExt;

use super::{append_events, stream_id, version};
use crate::store::{Backend, Loaded, SnapshotKey, Via};

/// The newest snapshot wins; another key hides it.
pub async fn loading_begins_with_a_fitting_snapshot<B: Backend>(store: &B) {
    append_events(store, "a/1", 6).await;
    let id = stream_id("a/1");
    let key = SnapshotKey { version: 1, fingerprint: u64::MAX };
    assert_eq!(load(store, Some(key)).await, (None, vec![1, 2, 3, 4, 5, 6]));
    for (at, state) in [(4, "\"four\""), (2, "\"two\"")] {
        store.save_snapshot(Via::Store, &id, key, version(at), state.as_bytes()).await.expect("a snapshot");
    }
    assert_eq!(load(store, Some(key)).await, (Some((4, "\"four\"".to_owned())), vec![5, 6]));
    for other in [SnapshotKey { version: 2, ..key }, SnapshotKey { fingerprint: 0, ..key }] {
        assert_eq!(load(store, Some(other)).await.0, None);
    }
    assert_eq!(load(store, None).await, (None, vec![1, 2, 3, 4, 5, 6]));
    store.save_snapshot(Via::Store, &id, key, version(6), b"6").await.expect("a snapshot");
    assert_eq!(load(store, Some(key)).await, (Some((6, "6".to_owned())), vec![]));
}

async fn load<B: Backend>(store: &B, key: Option<SnapshotKey>) -> (Option<(i64, String)>, Vec<i64>) {
    let id = stream_id("a/1");
    let loaded: Vec<_> = store.load(Via::Store, &id, key).try_collect().await.expect("the stream is readable");
    let (mut snapshot, mut versions) = (None, Vec::new());
    for item in loaded {
        match item {
            Loaded::Snapshot { version, state } => {
                assert!(snapshot.is_none() && versions.is_empty(), "one snapshot, first");
                snapshot = Some((version.get(), String::from_utf8_lossy(state.as_ref()).into_owned()));
            }
            Loaded::Event(event) => versions.push(event.version().get()),
        }
    }
    (snapshot, versions)
}
