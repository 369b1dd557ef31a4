//! What a subscription reads from the database, because it is not in memory any more.

use super::{Buffer, Phase, Source, Subscription};
use crate::{
    backoff::Backoff,
    port::{Backend, Direction, StoreError, Stored, StreamQuery, Via},
    schema::Event,
    vocabulary::{Chain, EventId, GlobalPosition, StreamVersion},
};

impl<E: Event, B: Backend> Subscription<E, B> {
    /// Reads a page of what is settled from the database, and waits out what passes by itself.
    pub(super) async fn catch_up(
        &mut self,
        settled: GlobalPosition,
        settled_id: Option<EventId>,
    ) -> Result<(), StoreError> {
        self.phase = Phase::CatchUp;
        let mut backoff = Backoff::for_database();
        let (events, cursor) = loop {
            match self.read_page(settled).await {
                Err(StoreError::Cancelled { .. }) if self.scan.shorten() => {}
                Err(error) if error.is_transient() => {
                    tracing::info!(error = %Chain(&error), "a subscription reads its history again");
                    backoff.wait().await;
                }
                read => break read?,
            }
        };
        let last = events.last().filter(|last| last.position() == cursor).and_then(Stored::event_id);
        let event_id = last.or(settled_id.filter(|_| cursor == settled));
        self.take(Buffer::Own(events.into()), Some(cursor), event_id);
        Ok(())
    }

    /// The next events up to a position, and up to where there are no others.
    async fn read_page(
        &mut self,
        until: GlobalPosition,
    ) -> Result<(Vec<Stored<B::Payload>>, GlobalPosition), StoreError> {
        let backend = self.store.backend();
        match &self.source {
            Source::Log(filter) => {
                let from = self.cursor.map_or(Some(GlobalPosition::FIRST), GlobalPosition::next);
                let Some(from) = from else { return Ok((Vec::new(), until)) };
                self.scan.log(backend, filter, (from, until), i64::MAX).await
            }
            Source::Stream { id, after } => {
                let from = after.map_or(Some(StreamVersion::FIRST), StreamVersion::next);
                let Some(from) = from else { return Ok((Vec::new(), until)) };
                let query = StreamQuery {
                    stream_id: id.clone(),
                    from: Some(from),
                    until: Some(until),
                    direction: Direction::Forwards,
                    limit: self.scan.events(),
                };
                let page = backend.read_stream(Via::Store, query).await?;
                self.scan.adapt(&page);
                let last = page.events.last().map(Stored::position).filter(|_| page.more);
                Ok((page.events, last.unwrap_or(until)))
            }
        }
    }
}
