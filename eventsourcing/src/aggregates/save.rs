//! Appends what a root has recorded, and stores the snapshot that may be due.

use super::{
    aggregate::{Aggregate, Snapshots},
    root::AggregateRoot,
};
use crate::{
    engine::encode::encode_one,
    handles::store::Store,
    port::{Append, AppendError, Appended, Backend, Snapshot, Via},
    vocabulary::{Chain, EventId, Metadata, StreamVersion},
};

pub(super) async fn save<A: Aggregate, B: Backend>(
    store: &Store<B>,
    mut via: Via<'_, B::Connection>,
    root: &mut AggregateRoot<A>,
    metadata: &Metadata,
) -> Result<Appended, AppendError> {
    if root.recorded.is_empty() {
        return Ok(Appended::NOTHING);
    }
    store.meet::<A::Event>()?;
    let events = root.recorded.iter().enumerate().map(|(index, new)| encode_one(index, new, metadata));
    let events = events.collect::<Result<_, _>>()?;
    let append = Append { stream_id: root.stream_id.clone(), expected: root.version.into(), events };
    let appended = store.append(via.reborrow(), append).await?;
    root.version = appended.version.or(root.version);
    let last_id = root.recorded.last().and_then(|new| new.id);
    root.recorded.clear();
    if let (Some(snapshots), Some(event_id)) = (A::snapshots(), last_id) {
        save_snapshot(store, via, root, event_id, &snapshots).await;
    }
    Ok(appended)
}

/// A snapshot is only a shortcut: that it cannot be stored fails nothing.
async fn save_snapshot<A: Aggregate, B: Backend>(
    store: &Store<B>,
    via: Via<'_, B::Connection>,
    root: &mut AggregateRoot<A>,
    event_id: EventId,
    snapshots: &Snapshots<A>,
) {
    let Some(version) = root.version else { return };
    let since = version.get() - root.snapshot.map_or(0, StreamVersion::get);
    if since < i64::from(snapshots.every().get()) {
        return;
    }
    let stream_id = root.stream_id.clone();
    let state = match snapshots.encode(&root.state) {
        Ok(state) => state,
        Err(error) => {
            return tracing::warn!(%stream_id, error = %Chain(&error), "the state cannot be stored as a snapshot");
        }
    };
    let snapshot = Snapshot { stream_id, key: snapshots.key(), version, event_id, state };
    let is_stored = match via {
        Via::Store => store.save_snapshot_beside(snapshot),
        Via::Caller(connection) => {
            let saved = store.backend().save_snapshot(Via::Caller(connection), &snapshot).await;
            saved
                .inspect_err(|error| {
                    tracing::warn!(stream_id = %snapshot.stream_id, error = %Chain(error), "a snapshot was not stored");
                })
                .is_ok()
        }
    };
    if is_stored {
        root.snapshot = Some(version);
    }
}
