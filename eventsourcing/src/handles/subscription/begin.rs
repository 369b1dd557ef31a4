//! Where a subscription begins.

use super::{Source, Subscription, SubscriptionError};
use crate::{
    handles::store::Store,
    port::{Backend, Filter, StoreError, Stored, StreamQuery, Via},
    schema::Event,
    vocabulary::{After, EventId, GlobalPosition, StreamId, StreamVersion},
};

impl<E: Event, B: Backend> Subscription<E, B> {
    /// With the id of the event at the position after which it is to begin, when that is known, another event there is
    /// an error.
    pub(crate) async fn of_log(
        store: Store<B>,
        filter: Filter,
        after: After<GlobalPosition>,
        event_id: Option<EventId>,
    ) -> Result<Self, SubscriptionError> {
        store.meet::<E>()?;
        let mut subscription = Self::new(store, Source::Log(filter));
        match after {
            After::Start => subscription.attach_first().await?,
            After::End => subscription.begin_at_end().await?,
            After::Position(position) => {
                subscription.move_to(Some(position), event_id);
                subscription.attach_first().await?;
            }
        }
        subscription.reach_cursor();
        Ok(subscription)
    }

    pub(crate) async fn of_stream(
        store: Store<B>,
        id: StreamId,
        after: After<StreamVersion>,
    ) -> Result<Self, SubscriptionError> {
        store.meet::<E>()?;
        let mut subscription = Self::new(store, Source::Stream { id: id.clone(), after: None });
        let version = match after {
            After::Start => {
                subscription.attach_first().await?;
                None
            }
            After::End => {
                subscription.begin_at_end().await?;
                match subscription.cursor {
                    Some(settled) => subscription.newest(id.clone(), Some(settled)).await?,
                    None => None,
                }
            }
            After::Position(version) => {
                subscription.attach_first().await?;
                let actual = subscription.newest(id.clone(), None).await?;
                if Some(version) > actual {
                    return Err(SubscriptionError::VersionAhead { stream_id: id, version, actual });
                }
                Some(version)
            }
        };
        subscription.source = Source::Stream { id, after: version };
        subscription.reach_cursor();
        Ok(subscription)
    }

    /// The last version of a stream, up to a position.
    async fn newest(
        &self,
        stream_id: StreamId,
        until: Option<GlobalPosition>,
    ) -> Result<Option<StreamVersion>, StoreError> {
        let query = StreamQuery::new(stream_id).until(until).backwards().limit(1);
        let newest = self.store.backend().read_stream(Via::Store, query).await?;
        Ok(newest.events.first().map(Stored::version))
    }
}
