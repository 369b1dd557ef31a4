//! From the events of a stream to the state of its aggregate, past a snapshot where one is at hand.

use futures_util::TryStreamExt;

use super::{
    aggregate::{Aggregate, Snapshots},
    error::LoadError,
    root::AggregateRoot,
};
use crate::{
    engine::decode::{ReadError, decode},
    handles::store::Store,
    port::{Backend, Loaded, Via},
    vocabulary::{Chain, InvalidStreamId, StreamId},
};

pub(super) async fn load<A: Aggregate, B: Backend>(
    store: &Store<B>,
    mut via: Via<'_, B::Connection>,
    id: &A::Id,
) -> Result<AggregateRoot<A>, LoadError> {
    let stream_id = stream_id::<A>(id)?;
    store.meet::<A::Event>().map_err(ReadError::from)?;
    let snapshots = A::snapshots();
    match fold(store, via.reborrow(), &stream_id, snapshots.as_ref()).await {
        Err(Fold::UnreadableSnapshot) => match fold(store, via, &stream_id, None).await {
            Err(Fold::Failed(error)) => Err(error.into()),
            Err(Fold::UnreadableSnapshot) => Ok(AggregateRoot::new(stream_id)),
            Ok(root) => Ok(root),
        },
        Err(Fold::Failed(error)) => Err(error.into()),
        Ok(root) => Ok(root),
    }
}

/// Why folding a stream did not come to a state.
enum Fold {
    UnreadableSnapshot,
    Failed(ReadError),
}

async fn fold<A: Aggregate, B: Backend>(
    store: &Store<B>,
    via: Via<'_, B::Connection>,
    stream_id: &StreamId,
    snapshots: Option<&Snapshots<A>>,
) -> Result<AggregateRoot<A>, Fold> {
    let mut root: AggregateRoot<A> = AggregateRoot::new(stream_id.clone());
    let mut loaded = store.backend().load(via, stream_id, snapshots.map(Snapshots::key));
    while let Some(item) = loaded.try_next().await.map_err(|error| Fold::Failed(error.into()))? {
        match (item, snapshots) {
            (Loaded::Event(stored), _) => {
                root.version = Some(stored.version());
                if let Some(recorded) = decode::<A::Event, _>(stored).map_err(Fold::Failed)? {
                    root.state.apply(&recorded.event);
                }
            }
            (Loaded::Snapshot { version, state }, Some(snapshots)) => match snapshots.decode(state.as_ref()) {
                Ok(state) => {
                    root.state = state;
                    root.version = Some(version);
                    root.snapshot = Some(version);
                }
                Err(error) => {
                    tracing::warn!(%stream_id, %version, error = %Chain(&error), "a snapshot is not readable and is not used");
                    return Err(Fold::UnreadableSnapshot);
                }
            },
            (Loaded::Snapshot { .. }, None) => {}
        }
    }
    Ok(root)
}

/// The stream of an aggregate.
fn stream_id<A: Aggregate>(id: &A::Id) -> Result<StreamId, InvalidStreamId> {
    StreamId::new(A::CATEGORY, id)
}
