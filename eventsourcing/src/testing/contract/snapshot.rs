//! Contract: a snapshot that fits the code shortens a load, any other is as good as none.

use futures_util::TryStreamExt;

use super::steps::{append_events, read_stream, stream_id, version, whole_stream};
use crate::{
    port::{Backend, Loaded, Snapshot, SnapshotKey, Via},
    vocabulary::EventId,
};

async fn save<B: Backend>(store: &B, key: SnapshotKey, at: i64, event_id: EventId, state: &str) {
    let state = state.as_bytes().to_vec();
    let snapshot = Snapshot { stream_id: stream_id("a/1"), key, version: version(at), event_id, state };
    store.save_snapshot(Via::Store, &snapshot).await.expect("the store answers");
}

/// The newest snapshot wins; another key hides it.
pub async fn loading_begins_with_a_fitting_snapshot<B: Backend>(store: &B) {
    append_events(store, "a/1", 6).await;
    let ids: Vec<EventId> = read_stream(store, whole_stream("a/1")).await.iter().map(|event| event.event_id).collect();
    let key = SnapshotKey { version: 1, fingerprint: u64::MAX };
    assert_eq!(load(store, Some(key)).await, (None, vec![1, 2, 3, 4, 5, 6]));
    save(store, key, 4, ids[3], "\"four\"").await;
    save(store, key, 2, ids[1], "\"two\"").await;
    assert_eq!(load(store, Some(key)).await, (Some((4, "\"four\"".to_owned())), vec![5, 6]));
    for other in [SnapshotKey { version: 2, ..key }, SnapshotKey { fingerprint: 0, ..key }] {
        assert_eq!(load(store, Some(other)).await.0, None);
    }
    assert_eq!(load(store, None).await, (None, vec![1, 2, 3, 4, 5, 6]));
    save(store, key, 6, ids[5], "6").await;
    assert_eq!(load(store, Some(key)).await, (Some((6, "6".to_owned())), vec![]));
}

/// A snapshot whose event is not in the stream is not stored: neither one ahead of it, nor one of another event.
pub async fn a_snapshot_counts_only_with_its_event<B: Backend>(store: &B) {
    append_events(store, "a/1", 3).await;
    let ids: Vec<EventId> = read_stream(store, whole_stream("a/1")).await.iter().map(|event| event.event_id).collect();
    let key = SnapshotKey { version: 1, fingerprint: 1 };
    save(store, key, 4, EventId::new(), "\"ahead\"").await;
    save(store, key, 3, ids[1], "\"another\"").await;
    assert_eq!(load(store, Some(key)).await, (None, vec![1, 2, 3]));
    save(store, key, 3, ids[2], "3").await;
    assert_eq!(load(store, Some(key)).await, (Some((3, "3".to_owned())), vec![]));
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
