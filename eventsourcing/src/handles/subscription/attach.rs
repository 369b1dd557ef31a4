//! How a subscription takes part in the tailer of its store, and finds out whether its place is still one of the log.

use super::Subscription;
use crate::{
    backoff::Backoff,
    engine::log::{Cursor, History, Told},
    port::{Backend, Direction, Filter, LogQuery, StoreError, Stored},
    schema::Event,
    vocabulary::{Chain, EventId, GlobalPosition},
};

impl<E: Event, B: Backend> Subscription<E, B> {
    /// Moves behind everything that was committed before this call.
    pub(super) async fn begin_at_end(&mut self) -> Result<(), StoreError> {
        self.refresh = self.tailer.request_refresh();
        let head = self.tailer.refreshed(self.refresh, &mut self.told).await?;
        self.move_to(head.settled, head.event_id);
        self.timeline = head.timeline.map(|timeline| timeline.id);
        Ok(())
    }

    /// Takes part in the store's tailer, and checks that the cursor is one of this log.
    async fn attach(&mut self) -> Result<(), StoreError> {
        self.tailer = self.store.tailer();
        self.told = Told::default();
        self.refresh = self.tailer.request_refresh();
        let mut head = self.tailer.ready(&mut self.told).await?;
        if let Some(position) = self.cursor {
            let found = self.event_at(position).await?;
            if found.is_none() {
                // It may only have been too early to say.
                head = self.tailer.refreshed(self.refresh, &mut self.told).await?;
            }
            let cursor = Cursor { position, event_id: self.cursor_id, timeline: self.timeline.clone() };
            let (last, end) = (head.settled, head.end);
            cursor.check(&History { found, last, end, timeline: head.timeline.as_ref() })?;
            if found.is_some() {
                self.cursor_id = found;
            } else if self.cursor > last {
                // Positions above the last committed event may be handed out again, so no cursor stays there.
                self.move_to(last, head.event_id);
            }
        }
        self.timeline = head.timeline.map(|timeline| timeline.id);
        Ok(())
    }

    /// The id of the event at a position.
    async fn event_at(&self, position: GlobalPosition) -> Result<Option<EventId>, StoreError> {
        let (at, direction) = (Some(position), Direction::Forwards);
        let query = LogQuery { filter: Filter::default(), from: at, until: at, direction, limit: 1 };
        Ok(self.store.backend().read_log(query).await?.events.first().and_then(Stored::event_id))
    }

    /// Attaches for the first time. A database that is no fit is an error, and one that is not there is waited for.
    pub(super) async fn attach_first(&mut self) -> Result<(), StoreError> {
        let mut backoff = Backoff::for_database();
        loop {
            match self.attach().await {
                Err(error) if error.is_retriable() => {
                    tracing::info!(error = %Chain(&error), "a subscription looks for the end of the log again");
                    backoff.wait().await;
                }
                attached => return attached,
            }
        }
    }

    /// Attaches to another tailer, after one has ended, and waits out what passes by itself.
    pub(super) async fn attach_again(&mut self) -> Result<(), StoreError> {
        let mut backoff = Backoff::for_database();
        loop {
            match self.attach().await {
                Err(error) if error.is_transient() => {
                    tracing::info!(error = %Chain(&error), "a subscription looks for the end of the log again");
                    backoff.wait().await;
                }
                attached => return attached,
            }
        }
    }
}
